/**
 * The barcode of a template.
 */
import { useRef } from "preact/hooks";
import type { JsonObject } from "../../../../json.ts";
import { SelectField, TextField } from "../../views/form-parts.tsx";
import { useKeptFocus } from "../../views/parts.tsx";
import { FindingNotes } from "../check/finding-notes.tsx";
import { textAt, withMember } from "../draft/pass-members.ts";
import { CheckField } from "../fields/typed-fields.tsx";
import { LongTextField } from "../long-text-field.tsx";
import { findingsAt, type LintFinding, type PanelProps } from "../panel.ts";
import {
  BARCODE_OPTIONS,
  barcodesIn,
  ENCODINGS,
  firstBarcodePointer,
  formatName,
  needsOlderCode,
  withBarcodes,
  withFirstBarcode,
} from "./barcode-draft.ts";

const NONE = "";

export function BarcodePanel({ draft, edit, findings }: PanelProps) {
  const { pass } = draft;
  const barcodes = barcodesIn(pass);
  const [first] = barcodes;
  // If somebody chooses no code and then a code again, the barcodes are as they were.
  const before = useRef<readonly JsonObject[]>([]);
  const setAll = (next: readonly JsonObject[]) => edit({ pass: withBarcodes(pass, next) });
  const choose = (format: string) => {
    if (format === NONE) {
      before.current = barcodes;
      setAll([]);
      return;
    }
    const [earlier, ...others] = first === undefined ? before.current : barcodes;
    setAll([{ ...earlier, format }, ...others]);
  };
  const format = first === undefined ? NONE : textAt(first, "format");
  const isKnown = format === NONE || BARCODE_OPTIONS.some(([each]) => each === format);
  const pointer = firstBarcodePointer(pass);
  const isShownBelow = (finding: LintFinding) =>
    ["message", "altText", "messageEncoding"].some(
      (member) => findingsAt([finding], `${pointer}/${member}`).length > 0,
    );
  const others = findings.filter((finding) => !isShownBelow(finding));
  return (
    <div class="form">
      <SelectField
        id="barcode-format"
        label="Kind of code"
        value={format}
        options={[[NONE, "None"], ...BARCODE_OPTIONS, ...(isKnown ? [] : [[format, format] as const])]}
        onChange={choose}
        hint={
          first === undefined
            ? "A pass that gets a code of its own shows it as a QR code."
            : "QR codes suit most scanners. Apple Watch does not draw Code 128."
        }
      />
      <FindingNotes findings={others} pointer="/pass/barcodes" />
      <FindingNotes findings={others} pointer="/pass/barcode" />
      {first !== undefined && (
        <>
          <FirstBarcode
            barcode={first}
            isTextShown={draft.barcodeText === "message"}
            onChange={(barcode) => edit({ pass: withFirstBarcode(pass, barcode) })}
            onShowText={(isShown) => edit({ barcodeText: isShown ? "message" : null })}
            findings={findings}
            pointer={pointer}
          />
          <OtherBarcodes barcodes={barcodes} onChange={setAll} />
        </>
      )}
    </div>
  );
}

interface FirstProps {
  readonly barcode: JsonObject;
  readonly isTextShown: boolean;
  readonly onChange: (barcode: JsonObject) => void;
  readonly onShowText: (isShown: boolean) => void;
  readonly findings: readonly LintFinding[];
  /** The pointer to the barcode in the draft. */
  readonly pointer: string;
}

function FirstBarcode({ barcode, isTextShown, onChange, onShowText, findings, pointer }: FirstProps) {
  const message = textAt(barcode, "message");
  const encoding = textAt(barcode, "messageEncoding");
  const isKnown = ENCODINGS.some(([each]) => each === encoding.toLowerCase());
  const set = (member: string, text: string) =>
    onChange(withMember(barcode, member, text === "" ? undefined : text));
  return (
    <>
      <LongTextField
        id="barcode-message"
        label="Text in the code"
        value={message}
        rows={1}
        onChange={(text) => set("message", text)}
        hint={
          message === ""
            ? "Empty: each pass shows its own code, or else its serial number. Then a scan finds the pass."
            : "Every pass without a code of its own shows this text, so a scan of it finds no pass."
        }
      />
      <FindingNotes findings={findings} pointer={`${pointer}/message`} />
      <TextField
        id="barcode-alt-text"
        label="Text under the code"
        value={textAt(barcode, "altText")}
        onChange={(text) => set("altText", text)}
        hint="The same for all passes, unless a pass has its own."
      />
      <FindingNotes findings={findings} pointer={`${pointer}/altText`} />
      <CheckField
        label="Without such a text, show the code itself as text"
        isOn={isTextShown}
        onChange={onShowText}
      />
      <SelectField
        id="barcode-encoding"
        label="Characters"
        value={isKnown ? encoding.toLowerCase() : encoding}
        options={[...ENCODINGS, ...(isKnown ? [] : [[encoding, encoding] as const])]}
        onChange={(chosen) => set("messageEncoding", chosen)}
        hint="Automatic fits almost every scanner."
      />
      <FindingNotes findings={findings} pointer={`${pointer}/messageEncoding`} />
    </>
  );
}

interface OthersProps {
  readonly barcodes: readonly JsonObject[];
  readonly onChange: (barcodes: readonly JsonObject[]) => void;
}

/** A phone draws the first code that it can. */
function OtherBarcodes({ barcodes, onChange }: OthersProps) {
  const [first, ...others] = barcodes;
  const { element, ...inside } = useKeptFocus<HTMLElement>(barcodes);
  if (first === undefined) return null;
  return (
    <section ref={element} tabIndex={-1} aria-label="Other codes" {...inside}>
      {others.length > 0 && (
        <>
          <h2>For phones that cannot draw the first code</h2>
          <ol class="rows">
            {others.map((barcode, index) => (
              <li key={index}>
                <div class="split">
                  <span>
                    {formatName(barcode)} {textAt(barcode, "message")}
                  </span>
                  <div class="actions">
                    <button
                      type="button"
                      aria-label={`Make ${formatName(barcode)} the first code`}
                      onClick={() => onChange([barcode, ...barcodes.filter((each) => each !== barcode)])}
                    >
                      Make first
                    </button>
                    <button
                      type="button"
                      class="danger"
                      aria-label={`Remove ${formatName(barcode)}`}
                      onClick={() => onChange(barcodes.filter((each) => each !== barcode))}
                    >
                      Remove
                    </button>
                  </div>
                </div>
              </li>
            ))}
          </ol>
        </>
      )}
      {needsOlderCode(barcodes) && (
        <>
          <p class="hint">Phones before iOS 27 draw none of these codes.</p>
          <div class="actions">
            <button
              type="button"
              onClick={() => onChange([...barcodes, { ...first, format: "PKBarcodeFormatQR" }])}
            >
              Add a QR code for them
            </button>
          </div>
        </>
      )}
    </section>
  );
}
