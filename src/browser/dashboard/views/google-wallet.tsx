/**
 * Google Wallet: the issuers, whether Google accepts them, and how to get one. It is optional.
 */
import { useState } from "preact/hooks";
import { isAdmin } from "../access.ts";
import { type GoogleIssuer, parseGoogleIssuer, parseGoogleIssuers } from "../admin-answers.ts";
import { useDashboard } from "../context.ts";
import { useDraft } from "../drafts.ts";
import { issuerWord } from "../google-words.ts";
import { problemElsewhere } from "../problem.ts";
import { useListed, useWriting } from "../use-api.ts";
import { TextField } from "./form-parts.tsx";
import { GoogleFailures } from "./google-failures.tsx";
import { GoogleIssuerActions, IssuerCheck, KeyFileDrop } from "./google-issuer.tsx";
import { DemoModeAtGoogle, StepsAtGoogle } from "./google-portal.tsx";
import { Badge, ItemList, PageHeading, ProblemNote } from "./parts.tsx";

export function GoogleWalletView() {
  const { me } = useDashboard();
  const list = useListed("/google-issuers", parseGoogleIssuers);
  const [first] = list.items;
  const replace = (changed: GoogleIssuer) =>
    list.edit((items) => items.map((item) => (item.issuerId === changed.issuerId ? changed : item)));
  return (
    <>
      <PageHeading title="Google Wallet" />
      <p class="hint">
        With an issuer of Google Wallet, people with Android phones can add the same passes. It is optional.
      </p>
      <ItemList
        label="Issuers"
        list={list}
        keyOf={({ issuerId }) => issuerId}
        row={(issuer) => (
          <>
            <IssuerFacts issuer={issuer} isOfNewPasses={issuer === first && list.items.length > 1} />
            {isAdmin(me) && (
              <GoogleIssuerActions
                issuer={issuer}
                onChanged={replace}
                onDeleted={() =>
                  list.edit((items) => items.filter(({ issuerId }) => issuerId !== issuer.issuerId))
                }
              />
            )}
          </>
        )}
        empty={<p>There is no issuer, so passes can be added on iPhones only.</p>}
      />
      {/* What is below a list comes when its height is known, so that nothing moves. */}
      {list.status !== "first" && (
        <>
          {first !== undefined && <DemoModeAtGoogle />}
          {isAdmin(me) && (
            <NewIssuer
              isFirst={first === undefined}
              onStored={(stored) =>
                list.edit((items) => [
                  ...items.filter(({ issuerId }) => issuerId !== stored.issuerId),
                  stored,
                ])
              }
            />
          )}
          {first !== undefined && <GoogleFailures />}
        </>
      )}
    </>
  );
}

interface IssuerFactsProps {
  readonly issuer: GoogleIssuer;
  readonly isOfNewPasses: boolean;
}

function IssuerFacts({ issuer, isOfNewPasses }: IssuerFactsProps) {
  const { text, tone } = issuerWord(issuer);
  return (
    <>
      <div class="split">
        <h2 class="issuer-id">{issuer.issuerId}</h2>
        <Badge tone={tone}>{text}</Badge>
      </div>
      <p class="hint long">Service account {issuer.clientEmail}</p>
      {isOfNewPasses && <p class="hint">New passes belong to this issuer.</p>}
      <IssuerCheck check={issuer.lastCheck} />
    </>
  );
}

const EMPTY = { issuerId: "" };

interface NewIssuerProps {
  /** The steps are open, because there is nothing else to do. */
  readonly isFirst: boolean;
  readonly onStored: (issuer: GoogleIssuer) => void;
}

function NewIssuer({ isFirst, onStored }: NewIssuerProps) {
  const { fields } = useDraft("google-issuer", EMPTY);
  // Only the first value counts: an emptied field must not close what a person has opened.
  const [isOpen] = useState(isFirst || fields.issuerId !== "");
  return (
    <details open={isOpen}>
      <summary>New issuer</summary>
      <div class="google-steps">
        <StepsAtGoogle />
        <NewIssuerForm onStored={onStored} />
        {isFirst && <DemoModeAtGoogle />}
      </div>
    </details>
  );
}

/** The ID may be typed first: what was typed survives a reload, and the key never does. */
function NewIssuerForm({ onStored }: Pick<NewIssuerProps, "onStored">) {
  const { say } = useDashboard();
  const { isBusy, problem, write, fail } = useWriting();
  const { fields, change, clear } = useDraft("google-issuer", EMPTY);
  const store = async (serviceAccount: string) => {
    const body = { issuerId: fields.issuerId.replaceAll(/\s/g, ""), serviceAccount };
    const answer = await write({ method: "POST", path: "/google-issuers", body }, parseGoogleIssuer);
    if (answer === undefined) return;
    clear();
    onStored(answer.body);
    say("The issuer is stored. Check it next.");
  };
  return (
    <div class="apns-key-form">
      <TextField
        id="google-issuer-id"
        label="Issuer ID"
        value={fields.issuerId}
        onChange={(issuerId) => change({ issuerId })}
        hint="About 19 digits, from the Google Pay & Wallet Console"
        problem={problem}
        pointer="/issuerId"
      />
      <KeyFileDrop
        id="google-key-file"
        label="Key of the service account"
        then="Then the issuer is stored."
        isBusy={isBusy}
        onText={(text) => void store(text)}
        onProblem={fail}
      />
      <ProblemNote problem={problemElsewhere(problem, ["/issuerId"])} />
    </div>
  );
}
