/**
 * The card of a pass as phones show it, and its fields as texts.
 */
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { CardPreview } from "../card/card-preview.tsx";
import { fieldTexts, translatedPass } from "../card/card-texts.ts";
import type { DraftImages } from "../card/choose-images.ts";
import { googleImagesOf } from "../card/google-images.ts";
import { GooglePreview, WalletChoice, type WalletName } from "../card/google-preview.tsx";
import { parseStoredTemplate } from "../editor/draft/stored-template.ts";
import { walletShown } from "../offered-wallets.ts";
import type { ListedPass, PassContent } from "../pass-answers.ts";
import { statusWord } from "../pass-words.ts";
import { type Loaded, useLoaded } from "../use-api.ts";
import { ProblemNote } from "./parts.tsx";

interface PassCardProps {
  readonly pass: ListedPass;
  readonly content: Loaded<PassContent>;
}

export function PassCard({ pass, content: { body, problem } }: PassCardProps) {
  const { id, status } = pass;
  const [chosen, setWallet] = useState<WalletName>("Apple Wallet");
  const offered = body?.wallets ?? "both";
  const wallet = walletShown(offered, chosen);
  const word = statusWord(status).text;
  return (
    <section aria-label="Card">
      <ProblemNote problem={problem} />
      {body === undefined ? (
        problem === null && <div class="card-place" />
      ) : (
        <>
          {offered === "both" && <WalletChoice wallet={wallet} onChoose={setWallet} />}
          {wallet === "Google Wallet" ? (
            <GooglePassCard
              pass={pass}
              content={body}
              label={`The pass as Google Wallet shows it. ${word}. Its fields are listed below.`}
            />
          ) : (
            <CardPreview
              pass={body.pass}
              images={imagesOf(body)}
              imagesPath={`/passes/${id}/images`}
              strings={body.strings}
              isInvalid={status !== "active"}
              label={`The pass as phones show it. ${word}. Its fields are listed below.`}
            />
          )}
        </>
      )}
    </section>
  );
}

interface GooglePassCardProps {
  readonly pass: ListedPass;
  readonly content: PassContent;
  readonly label: string;
}

/** Google shows the images of the template, and some of the pass. If the template cannot be read, those of the pass are drawn. */
function GooglePassCard({ pass: { id, templateId, status }, content, label }: GooglePassCardProps) {
  const { body, problem } = useLoaded(`/templates/${templateId}`, parseStoredTemplate);
  if (body === undefined && problem === null) return <div class="card-place" />;
  const google = body?.draft.google ?? null;
  const ofPass = imagesOf(content);
  const { images, hasOwn } =
    body === undefined ? { images: ofPass, hasOwn: true } : googleImagesOf(google, body.draft.images, ofPass);
  return (
    <GooglePreview
      pass={content.pass}
      google={google}
      images={images}
      imagesPath={hasOwn ? `/passes/${id}/images` : `/templates/${templateId}/images`}
      strings={content.strings}
      isInvalid={status !== "active"}
      label={label}
    />
  );
}

export function PassFields({ content }: { readonly content: PassContent | undefined }) {
  if (content === undefined) return null;
  const pass = translatedPass(content.pass, undefined, undefined);
  const facts = fieldTexts(pass, imagesOf(content), navigator.language).map(
    ({ section, key, label, value }) => [label === "" ? key : label, value, `${section} ${key}`] as const,
  );
  if (facts.length === 0) return null;
  return (
    <section>
      <h2>Fields</h2>
      <FactList facts={facts} />
    </section>
  );
}

function imagesOf({ images }: PassContent): DraftImages {
  const stored = Object.entries(images).map(([path, facts]) => [path, { kind: "stored", ...facts }] as const);
  return Object.fromEntries(stored);
}

/** The key is needed where several facts may have the same name. */
type Fact = readonly [name: string, fact: ComponentChildren, key?: string];

export function FactList({ facts }: { readonly facts: readonly Fact[] }) {
  return (
    <dl class="facts">
      {facts.map(([name, fact, key = name]) => (
        <div key={key}>
          <dt>{name}</dt>
          <dd>{fact}</dd>
        </div>
      ))}
    </dl>
  );
}
