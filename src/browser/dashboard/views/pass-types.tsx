/**
 * Pass types with their certificates and their end, and APNs keys: what this service needs from Apple's portal.
 */
import { useState } from "preact/hooks";
import { timeFrom } from "../../times.ts";
import { isAdmin } from "../access.ts";
import { type PassType, parsePassType, parsePassTypes } from "../admin-answers.ts";
import { useDashboard } from "../context.ts";
import { useDraft } from "../drafts.ts";
import { problemElsewhere } from "../problem.ts";
import { useListed, useWriting } from "../use-api.ts";
import { certificateWord, daysWords, whenWords } from "../words.ts";
import { ApnsKeys } from "./apns-keys.tsx";
import { TextField } from "./form-parts.tsx";
import { Badge, ItemList, PageHeading, ProblemNote } from "./parts.tsx";
import { PassTypeActions } from "./pass-type-actions.tsx";

export function PassTypesView() {
  const { me } = useDashboard();
  const list = useListed("/pass-types", parsePassTypes);
  const replace = (changed: PassType) =>
    list.edit((items) =>
      items.map((item) => (item.passTypeIdentifier === changed.passTypeIdentifier ? changed : item)),
    );
  return (
    <>
      <PageHeading title="Pass types" />
      <ItemList
        label="Pass types"
        list={list}
        keyOf={({ passTypeIdentifier }) => passTypeIdentifier}
        row={(passType) => (
          <>
            <PassTypeFacts passType={passType} />
            {isAdmin(me) && <PassTypeActions passType={passType} onChanged={replace} />}
          </>
        )}
        empty={
          <p>
            There is no pass type. Passes need one: register its identifier in Apple's portal, and add it
            here.
          </p>
        }
      />
      {isAdmin(me) && <NewPassType onMade={(made) => list.edit((items) => [...items, made])} />}
      <ApnsKeys />
    </>
  );
}

function PassTypeFacts({ passType }: { readonly passType: PassType }) {
  const { passTypeIdentifier, teamIdentifier, certificates } = passType;
  const now = Date.now();
  return (
    <>
      <h2>{passTypeIdentifier}</h2>
      <p class="hint">
        {teamIdentifier === null ? "The team is known with the first certificate." : `Team ${teamIdentifier}`}
      </p>
      {certificates.length === 0 ? (
        <p>
          <Badge tone="warning">No certificate</Badge> Download the signing request, upload it in Apple's
          portal, and install here what the portal gives you.
        </p>
      ) : (
        <ul class="certificates">
          {certificates.map((certificate) => {
            const { text, tone } = certificateWord(certificate, now);
            const left = (timeFrom(certificate.notAfter) ?? now) - now;
            return (
              <li key={certificate.fingerprint}>
                <Badge tone={tone}>{text}</Badge>{" "}
                <span>
                  until {whenWords(certificate.notAfter, now)}
                  {left > 0 && ` (${daysWords(left)})`}
                </span>
              </li>
            );
          })}
        </ul>
      )}
    </>
  );
}

function NewPassType({ onMade }: { readonly onMade: (passType: PassType) => void }) {
  const { say } = useDashboard();
  const { isBusy, problem, write } = useWriting();
  const draft = useDraft("new-pass-type", { passTypeIdentifier: "" });
  // Only at first: an emptied field must not close what a person has opened.
  const [isOpen] = useState(draft.fields.passTypeIdentifier !== "");
  return (
    <details open={isOpen}>
      <summary>New pass type</summary>
      <form
        class="one-field"
        onSubmit={async (event) => {
          event.preventDefault();
          const passTypeIdentifier = draft.fields.passTypeIdentifier.trim();
          const answer = await write(
            { method: "POST", path: "/pass-types", body: { passTypeIdentifier } },
            parsePassType,
          );
          if (answer === undefined) return;
          draft.clear();
          onMade(answer.body);
          say("The pass type is there. Its signing request can be downloaded.");
        }}
      >
        <TextField
          id="pass-type"
          label="Pass type identifier"
          value={draft.fields.passTypeIdentifier}
          onChange={(passTypeIdentifier) => draft.change({ passTypeIdentifier })}
          hint="As in Apple's portal, such as pass.com.example.card"
          problem={problem}
          pointer="/passTypeIdentifier"
          required
        />
        <button type="submit" aria-disabled={isBusy}>
          Add
        </button>
        <ProblemNote problem={problemElsewhere(problem, ["/passTypeIdentifier"])} />
      </form>
    </details>
  );
}
