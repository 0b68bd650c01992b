/**
 * The colours of a template, and whether they can be read.
 */
import { isObject } from "../../../../json.ts";
import { parseColour } from "../../../../pkpass/colours.ts";
import { Badge } from "../../views/parts.tsx";
import { FindingNotes } from "../check/finding-notes.tsx";
import { withMember } from "../draft/pass-members.ts";
import type { PanelProps } from "../panel.ts";
import { contrastOf, hexOf, readableColours, rgbOf, shownColours } from "./contrast.ts";

interface Row {
  readonly key: string;
  readonly label: string;
  readonly hint: string;
}

const ROWS: readonly Row[] = [
  { key: "backgroundColor", label: "Background", hint: "" },
  { key: "foregroundColor", label: "Text", hint: "Values of fields, and the text next to the logo." },
  { key: "labelColor", label: "Labels", hint: "The small words above values." },
];
const POSTER_ROW: Row = {
  key: "footerBackgroundColor",
  label: "Bar at the bottom",
  hint: "Of a poster.",
};

export function ColoursPanel({ draft, edit, findings }: PanelProps) {
  const { pass } = draft;
  const shown = shownColours(pass);
  const drawn: Readonly<Record<string, string>> = {
    backgroundColor: shown.background,
    foregroundColor: shown.foreground,
    labelColor: shown.label,
    footerBackgroundColor: shown.background,
  };
  const hasPoster = isObject(pass.posterGeneric) || pass.footerBackgroundColor !== undefined;
  const rows = hasPoster ? [...ROWS, POSTER_ROW] : ROWS;
  const change = (key: string, colour: string) =>
    edit({ pass: withMember(pass, key, colour === "" ? undefined : colour) });
  return (
    <>
      {rows.map((row) => (
        <ColourField
          key={row.key}
          row={row}
          colour={pass[row.key]}
          drawn={drawn[row.key] ?? ""}
          onChange={(colour) => change(row.key, colour)}
        >
          <FindingNotes findings={findings} pointer={`/pass/${row.key}`} />
        </ColourField>
      ))}
      <section class="panel" aria-label="Contrast">
        <h2>Contrast with the background</h2>
        <ContrastLine what="Text" text={shown.foreground} background={shown.background} />
        <ContrastLine what="Labels" text={shown.label} background={shown.background} />
        <p class="hint">At least 4.5 is easy to read. A picture behind the text is not taken into account.</p>
        <div class="actions">
          <button type="button" onClick={() => edit({ pass: { ...pass, ...readableColours(pass) } })}>
            Choose readable colours
          </button>
        </div>
      </section>
    </>
  );
}

interface ColourFieldProps {
  readonly row: Row;
  /** As pass.json has it: it may be wrong. */
  readonly colour: unknown;
  /** What is drawn in its place. */
  readonly drawn: string;
  readonly onChange: (colour: string) => void;
  readonly children: preact.ComponentChildren;
}

function ColourField({ row, colour, drawn, onChange, children }: ColourFieldProps) {
  const id = `colours-${row.key}`;
  const text = typeof colour === "string" ? colour : "";
  const isWrong = text !== "" && parseColour(text) === undefined;
  const hint = isWrong
    ? "Write it as rgb(60, 30, 10) or #3c1e0a."
    : text === ""
      ? `Not set: phones choose it. ${row.hint}`
      : row.hint;
  return (
    <div class="field">
      <label for={id}>{row.label}</label>
      <div class="colour-field">
        <input
          type="color"
          aria-label={`Choose: ${row.label}`}
          value={hexOf(isWrong || text === "" ? drawn : text)}
          onInput={(event) => onChange(rgbOf(event.currentTarget.value))}
        />
        <input
          id={id}
          type="text"
          autocomplete="off"
          autocapitalize="none"
          spellcheck={false}
          placeholder={drawn}
          value={text}
          aria-invalid={isWrong}
          aria-describedby={`${id}-note`}
          onInput={(event) => onChange(event.currentTarget.value)}
        />
      </div>
      <p id={`${id}-note`} class={isWrong ? "hint fault" : "hint"}>
        {hint}
      </p>
      {children}
    </div>
  );
}

interface ContrastLineProps {
  readonly what: string;
  readonly text: string;
  readonly background: string;
}

function ContrastLine({ what, text, background }: ContrastLineProps) {
  const { ratio, tone, words } = contrastOf(text, background);
  return (
    <p class="contrast">
      <span>{what}</span> <strong>{ratio.toFixed(1)}</strong> <Badge tone={tone}>{words}</Badge>
    </p>
  );
}
