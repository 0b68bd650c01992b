/**
 * Lints one pass: the findings in the pass's own values, overrides and images, as they are shown with its template and event.
 *
 * Findings in the template are reported when the template is written (templates/lint.ts). The linter checks the pass as
 * a phone gets it. The pointers in the findings point into the request: `/values/seat`, `/pass/relevantDates/0`,
 * `/barcodeMessage`.
 */
import { sql } from "drizzle-orm";
import { events, type ImagesFacts, type passes, templates } from "../db/schema.ts";
import { parseJson, pointerTo } from "../json.ts";
import { type Layer, mergePass } from "../pkpass/build/render.ts";
import { type Finding, sortFindings } from "../pkpass/finding.ts";
import { slotOf } from "../pkpass/images/names.ts";
import { type LintImage, lint } from "../pkpass/lint/lint.ts";
import type { FieldOverrides, PassOverrides, TemplatePass } from "../pkpass/schema/schema.ts";
import type { LintReport } from "../templates/lint.ts";

/** The layers under a pass, for a select that joins its template and its living event. */
export const layerColumns = {
  templatePass: templates.pass,
  templateImages: templates.images,
  // A D1 batch returns rows by column name, so no two columns may have the same name.
  eventValues: sql<(typeof events.$inferSelect)["values"] | null>`${events.values}`.as("event_values"),
  eventPass: sql<(typeof events.$inferSelect)["pass"] | null>`${events.pass}`.as("event_pass"),
};

export interface Layers {
  readonly templatePass: (typeof templates.$inferSelect)["pass"];
  readonly templateImages: (typeof templates.$inferSelect)["images"];
  readonly eventValues: (typeof events.$inferSelect)["values"] | null;
  readonly eventPass: (typeof events.$inferSelect)["pass"] | null;
}

/** Returns all findings in the pass's own parts. */
export function lintPass(row: typeof passes.$inferSelect, under: Layers): LintReport {
  const values = parseJson(row.values);
  const overrides = parseJson(row.pass);
  const own = parseJson(row.images);
  const { eventValues, eventPass } = under;
  const event: Layer | undefined =
    eventValues === null || eventPass === null
      ? undefined
      : { values: parseJson(eventValues), overrides: parseJson(eventPass) };
  const { barcodeMessage, barcodeAltText } = row;
  const content = {
    values,
    overrides,
    event,
    barcodeMessage,
    barcodeAltText,
    redeemed: row.redeemedAt !== null,
  };
  const pass = mergePass(parseJson(under.templatePass), content, row.serialNumber);
  const toOwn = (finding: Finding): Finding[] => {
    const pointer = findOwn(finding.pointer, {
      pass,
      values,
      overrides,
      own,
      barcodeMessage,
      barcodeAltText,
    });
    return pointer === undefined ? [] : [{ ...finding, pointer }];
  };
  const found = lint({
    kind: "pass",
    pass,
    images: overlayImages(parseJson(under.templateImages), own),
    strings: {},
  });
  return { findings: sortFindings(found.flatMap(toOwn)) };
}

/** A pass and its own parts. */
interface OwnParts {
  /** pass.json as a phone gets it. */
  readonly pass: TemplatePass;
  readonly values: FieldOverrides;
  readonly overrides: PassOverrides;
  readonly own: ImagesFacts;
  readonly barcodeMessage: string | null;
  readonly barcodeAltText: string | null;
}

/** The pointer into the pass's own parts; undefined for a finding in its template or event. */
function findOwn(
  pointer: string,
  { pass, values, overrides, own, ...barcode }: OwnParts,
): string | undefined {
  const path = pointer.slice(1).split("/").map(unescaped);
  const [part, key = "", ...rest] = path;
  if (part === "images")
    return Object.hasOwn(own, key) && own[key]?.derivedFrom === undefined ? pointer : undefined;
  if (part !== "pass") return undefined;
  if (key === "barcodes" || key === "barcode") {
    if (rest.at(-1) === "message" && barcode.barcodeMessage !== null) return "/barcodeMessage";
    if (rest.at(-1) === "altText" && barcode.barcodeAltText !== null) return "/barcodeAltText";
  }
  if (Object.hasOwn(overrides, key)) return pointer;
  const [section = "", index = "", attribute] = rest;
  const field = memberOf(memberOf(memberOf(memberOf(pass, key), section), index), "key");
  if (typeof field !== "string" || !Object.hasOwn(values, field)) return undefined;
  const override: object = values[field] ?? {};
  return Object.hasOwn(override, attribute ?? "value") ? pointerTo(["values", field]) : undefined;
}

function memberOf(value: unknown, key: string): unknown {
  return typeof value === "object" && value !== null && Object.hasOwn(value, key)
    ? Reflect.get(value, key)
    : undefined;
}

/** RFC 6901 §4. */
function unescaped(token: string): string {
  return token.replaceAll("~1", "/").replaceAll("~0", "~");
}

/** One of the pass's own images replaces all images of its slot, as in the built pass (pkpass/build/pack.ts). */
function overlayImages(base: ImagesFacts, own: ImagesFacts): Map<string, LintImage> {
  const slots = new Set(Object.keys(own).map(slotOf));
  const left = Object.entries(base).filter(([path]) => !slots.has(slotOf(path)));
  return new Map([...left, ...Object.entries(own)]);
}
