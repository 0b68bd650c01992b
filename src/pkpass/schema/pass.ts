/**
 * pass.json, in the three ways that Edgepass meets it: what a template holds of it, what a single pass overrides, and
 * the whole of it in a finished .pkpass.
 *
 * Keys that this room does not know pass through as they stand: Apple adds some every year. What Edgepass itself writes
 * (the identity, the web service) is refused with the reason in the first two.
 * Follows Apple's "Pass".
 */
import * as z from "zod";
import { featuredActions } from "./actions.ts";
import { barcode, wholeBarcode } from "./barcode.ts";
import { boardingKeys } from "./boarding.ts";
import { checkFieldCount, checkNoStyles, checkOwnKeys, checkStyles, checkWebService } from "./checks.ts";
import { styles, wholeStyles } from "./fields.ts";
import { nfc } from "./nfc.ts";
import { posterKeys } from "./poster.ts";
import { colour, date, flag, openEnum, replaced, since, storeIdentifiers, text, url } from "./primitives.ts";
import { relevanceKeys } from "./relevance.ts";
import { semantics } from "./semantics.ts";
import { upcomingPassInformation } from "./upcoming.ts";

/** The keys of every style that a template and a pass may both give. */
const common = {
  ...relevanceKeys,
  logoText: text.optional(),
  appLaunchURL: url.optional(),
  associatedStoreIdentifiers: storeIdentifiers.optional(),
  userInfo: since("7.0", z.unknown()),
  expirationDate: since("7.0", date),
  voided: since("7.0", flag),
  barcode: replaced("barcodes", barcode),
  barcodes: since("9.0", z.array(barcode)),
  nfc: since("9.0", nfc),
  backgroundColor: colour.optional(),
  foregroundColor: colour.optional(),
  labelColor: colour.optional(),
  suppressStripShine: flag.optional(),
  groupingIdentifier: since("7.0", text),
  sharingProhibited: since("11.0", flag),
  semantics: since("12.0", semantics),
};

/** The keys of the layouts that came with iOS 18 and later. */
const layout = {
  ...posterKeys,
  ...boardingKeys,
  /** Takes effect, and stands in no page of Apple's. */
  stripColor: colour.optional(),
  preferredStyleSchemes: since(
    "18.0",
    z.array(openEnum(["posterEventTicket", "eventTicket", "semanticBoardingPass", "boardingPass"])),
  ),
  upcomingPassInformation,
  featuredActions,
};

const description = z.string().min(1, "must not be empty: VoiceOver reads it");
const organizationName = z.string().min(1, "must not be empty: the lock screen shows it");

/** Also where zod has found something wrong already: one look finds all. */
const always = { when: () => true };

/** pass.json of a template: all but the identity and the web service. */
export const templatePass = z
  .looseObject({
    ...common,
    ...layout,
    ...styles,
    formatVersion: z.literal(1).optional(),
    description,
    organizationName,
  })
  .superRefine(checkOwnKeys, always)
  .superRefine(checkStyles, always)
  .superRefine(checkFieldCount, always);
export type TemplatePass = z.infer<typeof templatePass>;

function removable<Shape extends z.core.$ZodShape>(shape: Shape) {
  const entries = Object.entries(shape).map(([key, schema]) => [key, z.nullable(schema)]);
  return Object.fromEntries(entries) as { [Key in keyof Shape]: z.ZodNullable<Shape[Key]> };
}

/** What one pass overrides of pass.json: any key, but fields go through `values`, and the style is the template's. */
export const passOverrides = z
  .looseObject({
    ...common,
    ...removable(layout), // null takes the template's away, as it does with every key that is not known here
    description: description.optional(),
    organizationName: organizationName.optional(),
  })
  .superRefine(checkOwnKeys, always)
  .superRefine(checkNoStyles, always);
export type PassOverrides = z.infer<typeof passOverrides>;

/** pass.json of a finished .pkpass: nothing is absent that a phone needs. */
export const wholePass = z
  .looseObject({
    ...common,
    ...layout,
    ...wholeStyles,
    barcode: replaced("barcodes", wholeBarcode),
    barcodes: since("9.0", z.array(wholeBarcode)),
    formatVersion: z.literal(1),
    description,
    organizationName,
    passTypeIdentifier: z.string().min(1),
    serialNumber: z.string().min(1),
    teamIdentifier: z.string().min(1),
    webServiceURL: url.optional(),
    authenticationToken: z.string().min(16).optional(),
  })
  .superRefine(checkWebService, always)
  .superRefine(checkStyles, always);
