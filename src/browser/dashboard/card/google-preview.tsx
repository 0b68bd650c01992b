/**
 * A pass as a picture of its card in Google Wallet, as card-preview.tsx is of Apple's, and the choice between the two.
 */
import { useEffect, useRef, useState } from "preact/hooks";
import type { JsonObject } from "../../../json.ts";
import type { CardPreviewProps } from "./card-preview.tsx";
import { cardDirection, translatedPass } from "./card-texts.ts";
import { OpeningElsewhere, useShadow } from "./shadow.tsx";
import { useCode, usePictures } from "./use-card-parts.ts";

export type WalletName = "Apple Wallet" | "Google Wallet";

interface WalletChoiceProps {
  readonly wallet: WalletName;
  readonly onChoose: (wallet: WalletName) => void;
}

export function WalletChoice({ wallet, onChoose }: WalletChoiceProps) {
  return (
    <fieldset class="wallet-choice">
      <legend class="unseen">Wallet</legend>
      <div class="choices">
        {(["Apple Wallet", "Google Wallet"] as const).map((each) => (
          <label key={each}>
            <input type="radio" name="wallet" checked={wallet === each} onChange={() => onChoose(each)} />
            <span>{each}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}

type Drawing = typeof import("./draw-google.tsx");
let loaded: Drawing | undefined;

/** The mapping and the drawing. Undefined: not there yet. Null: they could not be loaded. */
function useDrawing(): Drawing | undefined | null {
  const [drawing, setDrawing] = useState<Drawing | undefined | null>(loaded);
  useEffect(() => {
    if (loaded !== undefined) return;
    import("./draw-google.tsx").then(
      (module) => {
        loaded = module;
        setDrawing(module);
      },
      () => setDrawing(null),
    );
  }, []);
  return drawing;
}

export interface GooglePreviewProps
  extends Pick<
    CardPreviewProps,
    "pass" | "images" | "imagesPath" | "strings" | "language" | "isInvalid" | "label"
  > {
  /** The template's part for Google. */
  readonly google: JsonObject | null;
}

/** The card, and what its details page has. */
export function GooglePreview(props: GooglePreviewProps) {
  const drawing = useDrawing();
  if (drawing === undefined) return <div class="card-place" />;
  if (drawing === null) return <p role="alert">The picture could not be loaded. Reload the page.</p>;
  return <DrawnPreview {...props} drawing={drawing} />;
}

function DrawnPreview({ drawing, ...props }: GooglePreviewProps & { readonly drawing: Drawing }) {
  const { pass, images, imagesPath, google, strings, language, isInvalid = false, label } = props;
  const { GoogleCard, GoogleDetails, GOOGLE_STYLE, chooseGoogleImages, factsOfDraft } = drawing;
  const [front, details] = [useRef<HTMLDivElement>(null), useRef<HTMLDivElement>(null)];
  const pictures = usePictures(chooseGoogleImages(images, google), imagesPath);
  const translations = language === undefined ? undefined : strings?.[language];
  const urlOf = (path: string) => pictures[path]?.url ?? "";
  const facts = factsOfDraft({ pass, google, images }, urlOf, translations, language);
  const code = useCode(
    facts?.barcode === undefined ? NO_CODE : { ...NO_CODE, barcodes: [facts.barcode] },
    true,
  );
  const direction = cardDirection(
    translatedPass(pass, strings, language),
    language ?? navigator.language,
    language,
  );
  const hasDetails = facts !== undefined && (facts.details.length > 0 || facts.button !== undefined);
  const card = facts && (() => <GoogleCard {...{ facts, code, direction, isInvalid }} />);
  const page =
    facts &&
    (() => (
      <OpeningElsewhere>
        <GoogleDetails facts={facts} />
      </OpeningElsewhere>
    ));
  useShadow(front, card ?? (() => <p>This pass cannot be drawn.</p>), pass, GOOGLE_STYLE);
  useShadow(details, page ?? (() => null), pass, GOOGLE_STYLE);
  return (
    <>
      <div role="img" aria-label={label} class="card-preview">
        {/* A screen reader has the label in place of the parts. */}
        <div ref={front} aria-hidden="true" />
      </div>
      <details>
        <summary>Details</summary>
        {!hasDetails && <p class="hint">There are no details.</p>}
        <div ref={details} class="card-back" dir={direction} hidden={!hasDetails} />
      </details>
    </>
  );
}

const NO_CODE = { description: "", organizationName: "" };
