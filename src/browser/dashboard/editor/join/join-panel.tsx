/**
 * The join page of a template: where people get a pass of their own, and what they are asked.
 */
import { useRef } from "preact/hooks";
import { TextField } from "../../views/form-parts.tsx";
import { toInstant } from "../../words.ts";
import { FindingNotes } from "../check/finding-notes.tsx";
import { toLocalTime, valueText } from "../draft/pass-members.ts";
import { INPUT_LABELS } from "../input-labels.ts";
import { LongTextField } from "../long-text-field.tsx";
import type { PanelProps } from "../panel.ts";
import { joinFieldsOf, newJoin, numberOf, withOptional } from "./join-draft.ts";
import { JoinQuestions } from "./join-questions.tsx";

/** The members that have a field of their own, next to which a finding is shown. */
const PLACED: readonly string[] = [
  ...Object.keys(INPUT_LABELS).filter((pointer) => pointer.startsWith("/join/")),
  "/join/fields",
];

export function JoinPanel({ draft, edit, findings, joinUrl }: PanelProps) {
  const { join } = draft;
  // If somebody switches the join page off and on again, it is as before.
  const last = useRef(join);
  if (join !== null) last.current = join;
  const others = findings.filter(
    ({ pointer }) =>
      pointer.startsWith("/join") &&
      !PLACED.some((place) => pointer === place || pointer.startsWith(`${place}/`)),
  );
  const change = (member: string, value: unknown) => {
    if (join !== null) edit({ join: withOptional(join, member, value) });
  };
  const notes = (member: string) => <FindingNotes findings={findings} pointer={`/join/${member}`} />;
  const slug = valueText(join?.slug);
  const host = typeof joinUrl === "string" ? new URL(joinUrl).origin : location.origin;
  return (
    <div class="join-panel">
      <label class="check">
        <input
          type="checkbox"
          checked={join !== null}
          onChange={({ currentTarget }) =>
            edit({ join: currentTarget.checked ? (last.current ?? newJoin(draft.name)) : null })
          }
        />
        People can get a pass by themselves
      </label>
      <p class="hint">
        A page with a short form makes a pass for each person who fills it in. A poster with its QR code can
        be printed.
      </p>
      <FindingNotes findings={others} pointer="" />
      {join !== null && (
        <>
          {joinUrl !== undefined && joinUrl !== null && (
            <div class="actions">
              <a class="as-button" href={joinUrl} target="_blank" rel="noreferrer">
                Open the page
              </a>
              <a class="as-button" href={`${joinUrl}/poster`} target="_blank" rel="noreferrer">
                Poster
              </a>
            </div>
          )}
          <div>
            <TextField
              id="join-slug"
              label={INPUT_LABELS["/join/slug"]}
              value={slug}
              onChange={(text) => edit({ join: { ...join, slug: text.trim() } })}
              hint={`${host}/join/${slug}`}
            />
            {notes("slug")}
          </div>
          <div>
            <TextField
              id="join-title"
              label={INPUT_LABELS["/join/title"]}
              value={valueText(join.title)}
              onChange={(text) => change("title", text)}
              hint="If you leave it empty, it is the description of the pass."
            />
            {notes("title")}
          </div>
          <div>
            <LongTextField
              id="join-text"
              label={INPUT_LABELS["/join/text"]}
              value={valueText(join.text)}
              onChange={(text) => change("text", text)}
            />
            {notes("text")}
          </div>
          <JoinQuestions
            pass={draft.pass}
            questions={joinFieldsOf(join)}
            findings={findings}
            onChange={(fields) => edit({ join: { ...join, fields } })}
          />
          <div>
            <LongTextField
              id="join-consent"
              label={INPUT_LABELS["/join/consent"]}
              value={valueText(join.consent)}
              onChange={(text) => change("consent", text)}
              hint="A box to tick before the button. If you leave it empty, there is none."
            />
            {notes("consent")}
          </div>
          <h2>Limits</h2>
          <div class="two-fields">
            <div>
              <TextField
                id="join-cap"
                label={INPUT_LABELS["/join/cap"]}
                type="number"
                min={1}
                value={valueText(join.cap)}
                onChange={(text) => change("cap", numberOf(text))}
                hint="Empty: no limit."
              />
              {notes("cap")}
            </div>
            <div>
              <TextField
                id="join-network"
                label={INPUT_LABELS["/join/perNetworkPerDay"]}
                type="number"
                min={1}
                value={valueText(join.perNetworkPerDay)}
                onChange={(text) => change("perNetworkPerDay", numberOf(text))}
                hint="Empty: 100. The guests of a café share a network."
              />
              {notes("perNetworkPerDay")}
            </div>
            <div>
              <TextField
                id="join-closes"
                label={INPUT_LABELS["/join/closesAt"]}
                type="datetime-local"
                value={toLocalTime(valueText(join.closesAt))}
                onChange={(text) => change("closesAt", toInstant(text))}
                hint="In your time zone. Empty: it stays open."
              />
              {notes("closesAt")}
            </div>
            <div>
              <TextField
                id="join-tag"
                label={INPUT_LABELS["/join/tag"]}
                value={valueText(join.tag)}
                onChange={(text) => change("tag", text)}
                hint="To find them in the list of passes."
              />
              {notes("tag")}
            </div>
          </div>
        </>
      )}
    </div>
  );
}
