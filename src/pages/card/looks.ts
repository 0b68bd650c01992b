/**
 * How phones draw a pass, the newest first: a newer layout if the pass has all that it needs, then the one that every
 * phone knows.
 *
 * Follows Apple's "Creating a poster event pass using semantic tags", "Creating an airline boarding pass using semantic
 * tags" and "Creating a poster generic pass".
 */
import { collectSemantics } from "../../pkpass/collect-semantics.ts";
import type { TemplatePass } from "../../pkpass/schema/schema.ts";
import { filledTags, findMissingFlightTags, findMissingPosterTags } from "../../pkpass/scheme-tags.ts";
import { CLASSIC_STYLES, type Style } from "../../pkpass/styles.ts";

export interface Look {
  readonly layout: Style | "posterEventTicket" | "semanticBoardingPass";
  /** The style whose fields it shows. */
  readonly style: Style;
  /** The first iOS that draws it. Undefined: all do. */
  readonly since?: 18 | 26 | 27;
}

/** @param slots the images that the pass has, such as `artwork` */
export function looksOf(pass: TemplatePass, slots: ReadonlySet<string>): readonly [Look, ...Look[]] {
  const classic = CLASSIC_STYLES.find((style) => pass[style] !== undefined);
  const looks: Look[] = [];
  if (pass.posterGeneric !== undefined)
    looks.push({ layout: "posterGeneric", style: "posterGeneric", since: 27 });
  if (classic === "eventTicket" && isPoster(pass, slots))
    looks.push({ layout: "posterEventTicket", style: classic, since: 18 });
  if (classic === "boardingPass" && isSemanticFlight(pass))
    looks.push({ layout: "semanticBoardingPass", style: classic, since: 26 });
  if (classic !== undefined) looks.push({ layout: classic, style: classic });
  const [first = { layout: "generic", style: "generic" } as const, ...others] = looks;
  return [first, ...others];
}

/** Phones use the first scheme that they know. */
function prefers({ preferredStyleSchemes: schemes = [] }: TemplatePass, scheme: string, classic: string) {
  const [at, behind] = [schemes.indexOf(scheme), schemes.indexOf(classic)];
  return at >= 0 && (behind < 0 || at < behind);
}

function isPoster(pass: TemplatePass, slots: ReadonlySet<string>): boolean {
  if (!prefers(pass, "posterEventTicket", "eventTicket") || pass.nfc === undefined) return false;
  if (!slots.has("artwork") && !slots.has("background")) return false;
  const tags = collectSemantics(pass, "eventTicket");
  return findMissingPosterTags(new Set(filledTags(tags)), String(tags.eventType)).required.length === 0;
}

function isSemanticFlight(pass: TemplatePass): boolean {
  if (!prefers(pass, "semanticBoardingPass", "boardingPass")) return false;
  if (pass.boardingPass?.transitType !== "PKTransitTypeAir") return false;
  const tags = collectSemantics(pass, "boardingPass");
  return findMissingFlightTags(new Set(filledTags(tags))).required.length === 0;
}
