/**
 * Lints one pass: the findings in the pass's own values, overrides and images, as they are shown with its template and event.
 *
 * Findings in the template are reported when the template is written (templates/lint.ts). The linter checks the pass as
 * a phone gets it. The pointers in the findings point into the request: `/values/seat`, `/pass/relevantDates/0`,
 * `/barcodeMessage`.
 */
import { sql } from "drizzle-orm";
import { events, type ImagesFacts, type passes, templates } from "../db/schema.ts";
import { type CertificateTimes, lintCertificates } from "../identities/expiry.ts";
import { isObject, type Json, memberOf, parseJson, parsePointer, pointerTo } from "../json.ts";
import type { PassContent } from "../pkpass/build/render.ts";
import { type Finding, reportFindings } from "../pkpass/finding.ts";
import { findFaults } from "../pkpass/lint/lint.ts";
import { withoutFindings } from "../pkpass/lint/without.ts";
import type { TemplatePass } from "../pkpass/schema/schema.ts";
import type { LintReport } from "../templates/lint.ts";
import { type OfferedWallets, offersApple } from "../templates/offered-wallets.ts";
import { type ContentRows, toBarcodes, toPassContent, toPassJson } from "./content.ts";
import { overlayImages } from "./own-images.ts";
import type { StatusLayers } from "./status.ts";

/** The layers under a pass, for a select that joins its template and its living event. */
export const layerColumns = {
  templatePass: templates.pass,
  templateBarcodeText: templates.barcodeText,
  templateImages: templates.images,
  // A D1 batch returns rows by column name, so no two columns may have the same name.
  eventValues: sql<(typeof events.$inferSelect)["values"] | null>`${events.values}`.as("event_values"),
  eventPass: sql<(typeof events.$inferSelect)["pass"] | null>`${events.pass}`.as("event_pass"),
  eventWithout: sql<(typeof events.$inferSelect)["without"] | null>`${events.without}`.as("event_without"),
};

export interface Layers {
  readonly templatePass: (typeof templates.$inferSelect)["pass"];
  readonly templateBarcodeText: (typeof templates.$inferSelect)["barcodeText"];
  readonly templateImages: (typeof templates.$inferSelect)["images"];
  readonly eventValues: (typeof events.$inferSelect)["values"] | null;
  readonly eventPass: (typeof events.$inferSelect)["pass"] | null;
  readonly eventWithout: (typeof events.$inferSelect)["without"] | null;
}

/** The columns of a pass that are linted. */
type LintedRow = ContentRows["pass"] & Pick<typeof passes.$inferSelect, "images">;

/** Returns all findings in the pass's own parts. */
export function lintPass(row: LintedRow, layers: Layers): LintReport {
  const rows = toContentRows(row, layers);
  const content = toPassContent(rows);
  // With the encodings that were asked for: a barcode that is written in another one is a finding.
  const pass = { ...toPassJson(rows), ...toBarcodes(rows) };
  const images = parseJson(row.images);
  const found = findFaults({
    kind: "pass",
    pass,
    images: new Map(Object.entries(overlayImages(parseJson(layers.templateImages), images))),
    strings: {},
  });
  const own = found.flatMap((finding) => {
    const pointer = toOwnPointer(finding, { pass, content, images, serialNumber: row.serialNumber });
    return pointer === undefined ? [] : [{ ...finding, pointer }];
  });
  return { findings: reportFindings([...own, ...withoutFindings(content.without)]) };
}

/**
 * Returns all findings of a pass that is issued: also those about the certificates of its pass type, because it cannot be
 * fetched without one. They point to the whole request, which does not name the pass type. Google Wallet needs no certificate.
 */
export function lintIssuedPass(
  row: LintedRow,
  layers: Layers & {
    readonly passTypeIdentifier: string;
    readonly certificates: Json<readonly CertificateTimes[]>;
    readonly wallets: OfferedWallets | null;
  },
  now: number,
): LintReport {
  const certificates = parseJson(layers.certificates);
  const found = offersApple(layers.wallets ?? "both")
    ? lintCertificates(layers.passTypeIdentifier, certificates, "", now)
    : [];
  return { findings: [...found, ...lintPass(row, layers).findings] };
}

/** The rows that the content of a pass is made from. */
export function toContentRows(row: ContentRows["pass"], layers: Layers): ContentRows {
  const { templatePass, templateBarcodeText, eventValues: values } = layers;
  const upper = toEventLayer(layers);
  const event = values === null || upper === null ? null : { values, ...upper };
  return { pass: row, template: { pass: templatePass, barcodeText: templateBarcodeText }, event };
}

/** The layers that decide whether the pass is voided, and when it expires. */
export function toStatusLayers(row: StatusLayers["pass"], layers: Layers): StatusLayers {
  return { pass: row, event: toEventLayer(layers), template: { pass: layers.templatePass } };
}

function toEventLayer({ eventPass: pass, eventWithout: without }: Layers): StatusLayers["event"] {
  return pass === null || without === null ? null : { pass, without };
}

interface OwnParts {
  /** pass.json as a phone gets it. */
  readonly pass: TemplatePass;
  /** The pass's own values and overrides. */
  readonly content: PassContent;
  /** The pass's own images. */
  readonly images: ImagesFacts;
  readonly serialNumber: string;
}

/** The pointer into the request that set the pass's own part; undefined for a finding in its template or event. */
function toOwnPointer(finding: Finding, own: OwnParts): string | undefined {
  const { pointer } = finding;
  const { pass, images } = own;
  const { values, overrides } = own.content;
  const [part, key = "", ...rest] = parsePointer(pointer);
  if (part === "images")
    return Object.hasOwn(images, key) && images[key]?.derivedFrom === undefined ? pointer : undefined;
  if (part !== "pass") return undefined;
  if (key === "barcodes" || key === "barcode") return toOwnBarcodePointer(finding, key, rest, own);
  if (Object.hasOwn(overrides, key)) {
    const isOwn = isOwnPart(overrides[key], memberOf(pass, key), rest);
    return isOwn ? pointer : undefined;
  }
  const [section = "", index = "", attribute] = rest;
  const field = memberOf(memberOf(memberOf(memberOf(pass, key), section), index), "key");
  if (typeof field !== "string" || !Object.hasOwn(values, field)) return undefined;
  const override: object = values[field] ?? {};
  return Object.hasOwn(override, attribute ?? "value") ? pointerTo(["values", field]) : undefined;
}

/**
 * Whether the value at this path in an override is the pass's own: objects merge with those of the layers below. A value
 * that is missing in every layer counts as missing in the pass.
 */
function isOwnPart(own: unknown, shown: unknown, path: readonly string[]): boolean {
  const [key, ...rest] = path;
  if (key === undefined || !isObject(own)) return true;
  const below = memberOf(shown, key);
  return Object.hasOwn(own, key) ? isOwnPart(own[key], below, rest) : below === undefined;
}

function toOwnBarcodePointer(
  { code, pointer }: Finding,
  key: "barcodes" | "barcode",
  rest: readonly string[],
  { pass, content, serialNumber }: OwnParts,
): string | undefined {
  const { overrides, barcodeMessage, barcodeAltText } = content;
  const attribute = rest.at(-1) ?? "";
  const isOwn = overrides.barcodes !== undefined || overrides.barcode !== undefined;
  if (attribute === "altText" && barcodeAltText !== null) return "/barcodeAltText";
  if (attribute === "message" || (code === "message_encoding_mismatch" && !isOwn)) {
    if (barcodeMessage !== null) return "/barcodeMessage";
    const barcode = key === "barcode" ? pass.barcode : pass.barcodes?.[Number(rest[0])];
    if (!isOwn && barcode?.message === serialNumber) return "/serialNumber";
  }
  if (!isOwn) return undefined;
  // A `barcode` alone is also shown as the only one of `barcodes`.
  const isAlone = key === "barcodes" && !overrides.barcodes?.length && overrides.barcode !== undefined;
  return isAlone ? pointerTo(["pass", "barcode", ...rest.slice(1)]) : pointer;
}
