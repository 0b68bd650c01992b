/**
 * The linter for Google Wallet: what of a template Google would refuse, not show, or show differently than intended.
 * All its findings are warnings, because an iPhone shows the template anyway, and the renderer never writes what Google refuses.
 *
 * Pure. raw-faults.ts has the rules for the raw members of the `google` part.
 */
import { type JsonObject, pointerTo } from "../json.ts";
import type { Layer } from "../pkpass/build/render.ts";
import { type Finding, limitFindings, sortFindings, warning } from "../pkpass/finding.ts";
import { didYouMean, findNearest } from "../pkpass/lint/nearest.ts";
import type { TemplatePass } from "../pkpass/schema/schema.ts";
import { barcodeTypeOf } from "./barcode.ts";
import { cardFields } from "./card-content.ts";
import { frontRows, MAX_ROWS } from "./card-rows.ts";
import { classOf } from "./class-of.ts";
import { eventVenueName } from "./event-ticket.ts";
import type { GooglePart } from "./google-part.ts";
import { imageFaults, type SizedImages } from "./image-faults.ts";
import type { Languages } from "./localized.ts";
import { objectOf } from "./object-of.ts";
import { rawFaults } from "./raw-faults.ts";
import { toSharedCard } from "./render.ts";
import type { SharedCard } from "./shared-card.ts";
import { MAX_MODULES } from "./text-modules.ts";

/** What the linter reads: a template, and the event whose passes it would have. */
export interface GoogleSubject {
  readonly template: TemplatePass;
  readonly event?: Layer | undefined;
  readonly strings: Languages["strings"];
  readonly google: GooglePart | null;
  readonly images: SizedImages;
  /** Whether its passes are offered in Google Wallet only, and Google Wallet is not set up. */
  readonly isUnreachable?: boolean;
}

/** A finding for each place, sorted by pointer: /pass/…, /images/… and /google/…. Each code occurs once per pointer. */
export function findGoogleFaults(subject: GoogleSubject): Finding[] {
  return sortFindings(limitFindings(checkSubject(subject)));
}

const RULES: readonly ((card: SharedCard) => Iterable<Finding>)[] = [
  checkHints,
  checkVenue,
  checkBarcodes,
  checkRows,
  checkModules,
];

function* checkSubject(subject: GoogleSubject): Iterable<Finding> {
  const { template, event, strings, google, images, isUnreachable } = subject;
  const stored = Object.fromEntries(Object.keys(images).map((path) => [path, { sha256: path }]));
  const ids = { issuerId: "", classKey: "", urlOf: (path: string) => path };
  const card = toSharedCard({ ...ids, template, event, strings, google, images: stored });
  yield* checkRequired(card, event === undefined);
  if (isUnreachable) yield unreachable();
  for (const rule of RULES) yield* rule(card);
  yield* imageFaults(images, card.content.language);
  yield* rawFaults(google ?? {}, card.chosen.type, { class: classOf(card, ""), object: exampleObject(card) });
}

/** An example, because each pass has a message of its own. */
const EXAMPLE_BARCODE = { format: "PKBarcodeFormatQR", message: "1" } as const;

/** The object of a pass that has no values of its own. */
function exampleObject(card: SharedCard): JsonObject {
  const { pass } = card.content;
  const barcodes = pass.barcodes === undefined ? [] : [EXAMPLE_BARCODE];
  const content = { ...card.content, barcodes, serialNumber: "", ownColour: undefined };
  const layer = { values: {}, overrides: {}, without: [] };
  return objectOf(card, content, { id: "", classId: "", status: "active", layer, hero: undefined });
}

function unreachable(): Finding {
  return warning(
    "google_issuer_missing",
    "/wallets",
    "Its passes are offered in Google Wallet only, but this service has no issuer of Google Wallet. So nobody can add them.",
    "Set up Google Wallet, or offer the passes in Apple Wallet too.",
  );
}

/** @param mayHaveEvent whether an event may add what is missing */
function* checkRequired({ chosen }: SharedCard, mayHaveEvent: boolean): Iterable<Finding> {
  for (const { what, pointer } of chosen.missing) {
    const isAddable = mayHaveEvent && pointer.startsWith("/pass");
    yield warning(
      "google_data_missing",
      pointer,
      `Google requires ${what} for the type ${chosen.wanted}. Without it, its passes are generic in Google Wallet.${isAddable ? " An event of this template may add it." : ""}`,
      "Add it, or choose the type generic (google.type).",
    );
  }
}

function* checkHints({ template, content }: SharedCard): Iterable<Finding> {
  const known = cardFields(template, content.style).map(({ key }) => key);
  for (const [hint, key] of Object.entries(content.hints)) {
    if (key === undefined || known.includes(key)) continue;
    yield warning(
      "google_hint_unknown",
      pointerTo(["google", "hints", hint]),
      `The hint ${hint} names the field "${key}", which the card does not have${didYouMean(findNearest(key, known))}`,
      "Name the key of a field of the template.",
    );
  }
}

function* checkVenue(card: SharedCard): Iterable<Finding> {
  if (card.chosen.type !== "eventTicket" || eventVenueName(card.content) === undefined) return;
  if (classOf(card, "").venue !== undefined) return;
  yield warning(
    "google_venue_without_address",
    "/google/venueAddress",
    "Google shows a venue only with its address, and there is none.",
    "Add the address (google.venueAddress), or say which field has it (google.hints.venueAddress).",
  );
}

function* checkBarcodes({ content }: SharedCard): Iterable<Finding> {
  const { pass, barcodes } = content;
  const known = barcodes.filter(({ message }) => message !== "");
  const canDraw = known.some(({ format, message }) => barcodeTypeOf(format, message) !== undefined);
  if (known.length > 0 && known.length === barcodes.length && !canDraw) {
    yield warning(
      "google_barcode_unsupported",
      "/pass/barcodes",
      "Google cannot draw any of these barcodes: it takes interleaved 2 of 5 only with 14 digits, and EAN-13 with 13.",
      "Add a barcode in another format, such as PKBarcodeFormatCode128.",
    );
  }
  if (pass.nfc !== undefined && barcodes.length === 0) {
    yield warning(
      "google_without_barcode",
      "/pass/nfc",
      "The pass is read over NFC only. Google's protocol for that is another one, so a reader cannot read it from an Android phone.",
      "Add a barcode.",
    );
  }
}

function* checkRows({ content, titleKeys }: SharedCard): Iterable<Finding> {
  const { pass, style } = content;
  const left = frontRows(pass, style, titleKeys).slice(MAX_ROWS).flat();
  if (left.length === 0) return;
  const names = left.map((key) => `"${key}"`).join(", ");
  yield warning(
    "google_too_many_rows",
    pointerTo(["pass", style]),
    `The front of Google's card has three rows, so these fields are on its details page: ${names}.`,
    "Move the less important fields to the back, or use fewer.",
  );
}

function* checkModules({ content, template, ids, texts, links, titleKeys }: SharedCard): Iterable<Finding> {
  const inClass = new Set([...texts, ...links].map(({ id }) => id));
  const ofPasses = cardFields(template, content.style).filter(({ key }) => {
    return !inClass.has(ids.get(key)) && !titleKeys.has(key);
  });
  const most = Math.max(texts.length, ofPasses.length);
  if (most > MAX_MODULES) {
    yield warning(
      "google_too_many_fields",
      pointerTo(["pass", content.style]),
      `Google shows at most ${MAX_MODULES} fields with a value of the template or the event, and as many with a value of the pass. Here are ${most}.`,
      "Use fewer fields.",
    );
  }
  if (links.length > MAX_MODULES) {
    yield warning(
      "google_too_many_links",
      pointerTo(["pass", content.style]),
      `Google shows at most ${MAX_MODULES} links. Here are ${links.length}.`,
      "Use fewer links.",
    );
  }
}
