/**
 * The style of a template, and the means of transport of a boarding pass.
 */
import { isObject } from "../../../../json.ts";
import { STYLES, type Style } from "../../../../pkpass/styles.ts";
import { STYLE_WORDS } from "../../template-words.ts";
import { SelectField } from "../../views/form-parts.tsx";
import { FindingNotes } from "../check/finding-notes.tsx";
import { textAt } from "../draft/pass-members.ts";
import type { PanelProps } from "../panel.ts";
import { classicStyle, shownStyle, withStyle } from "./style-change.ts";

const TRANSIT_TYPES = [
  ["PKTransitTypeTrain", "Train"],
  ["PKTransitTypeAir", "Flight"],
  ["PKTransitTypeBus", "Bus"],
  ["PKTransitTypeBoat", "Boat"],
  ["PKTransitTypeGeneric", "Something else"],
] as const;

export function StyleField({ draft, edit, findings }: PanelProps) {
  const { pass } = draft;
  const style = shownStyle(pass);
  const classic = classicStyle(pass);
  const options = STYLES.map((each) => [each, STYLE_WORDS[each]] as const);
  const boarding = pass.boardingPass;
  const fallback =
    style === "posterGeneric" && classic !== undefined
      ? `Phones before iOS 27 show a ${STYLE_WORDS[classic].toLowerCase()}.`
      : "Fields stay when you change it. Those that have no place in the new style go to the back.";
  return (
    <>
      <SelectField
        id="general-style"
        label="Style"
        value={style ?? ""}
        options={style === undefined ? [["", "Choose one"], ...options] : options}
        onChange={(chosen) => isStyle(chosen) && edit({ pass: withStyle(pass, chosen) })}
        hint={fallback}
      />
      {style === "boardingPass" && isObject(boarding) && (
        <SelectField
          id="general-transit"
          label="Means of transport"
          value={textAt(boarding, "transitType")}
          options={TRANSIT_TYPES}
          onChange={(transitType) => edit({ pass: { ...pass, boardingPass: { ...boarding, transitType } } })}
        />
      )}
      {style !== undefined && <FindingNotes findings={findings.filter(isOfStyle)} pointer="/pass" />}
    </>
  );
}

const isStyle = (text: string): text is Style => STYLES.some((style) => style === text);

/** Findings about the style as a whole. Those about its fields are in another panel. */
const isOfStyle = ({ pointer }: { readonly pointer: string }) =>
  pointer === "/pass" ||
  STYLES.some((style) => pointer === `/pass/${style}`) ||
  pointer.endsWith("/transitType");
