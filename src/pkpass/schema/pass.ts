/**
 * The three schemas of pass.json: what a template contains, what a single pass overrides, and the complete pass.json of
 * a finished .pkpass.
 *
 * Unknown keys pass through unchanged, because Apple adds keys every year. The first two reject what Edgepass sets
 * itself (the identity, the web service) and say where it comes from. Follows Apple's "Pass".
 */
import * as z from "zod";
import { memberOf } from "../../json.ts";
import { mergePatch } from "../../merge.ts";
import { featuredActions } from "./actions.ts";
import { barcode, finishedBarcode, MAX_OWN_BARCODES } from "./barcode.ts";
import { boardingKeys } from "./boarding.ts";
import {
  checkFieldCount,
  checkFieldKeys,
  checkNoStyles,
  checkReservedKeys,
  checkStyles,
  checkWebService,
  warnOfFieldKeys,
} from "./checks.ts";
import { safeParseExactly } from "./exact-number.ts";
import { finishedStyles, styles } from "./fields.ts";
import { nfc } from "./nfc.ts";
import { patchMembers } from "./patch.ts";
import { posterKeys } from "./poster.ts";
import { colour, date, flag, openEnum, replaced, since, storeIdentifiers, text, url } from "./primitives.ts";
import { relevanceKeys } from "./relevance.ts";
import { semantics } from "./semantics.ts";
import { upcomingPassInformation } from "./upcoming-events.ts";

/** The keys of every style that both a template and a pass may set. */
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

/** The keys of the layouts that were introduced in iOS 18 and later. */
const layout = {
  ...posterKeys,
  ...boardingKeys,
  /** This works, but Apple does not document it. */
  stripColor: colour.optional(),
  /** An SF Symbol in place of the logo image. Only Apple's Pass Builder, which was published for iOS 27, has this key. */
  logoSymbolName: since("27.0", text),
  preferredStyleSchemes: since(
    "18.0",
    z.array(openEnum(["posterEventTicket", "eventTicket", "semanticBoardingPass", "boardingPass"])),
  ),
  upcomingPassInformation,
  featuredActions,
};

const description = z.string().min(1, "must not be empty: VoiceOver reads it aloud");
const organizationName = z.string().min(1, "must not be empty: the lock screen shows it");

/** It also runs if zod has already found errors, so that one response reports all errors. */
const always = { when: () => true };

/** pass.json of a template: everything except the identity and the web service. */
export const templatePass = z
  .looseObject({
    ...common,
    ...layout,
    ...styles,
    formatVersion: z.literal(1).optional(),
    description,
    organizationName,
  })
  .superRefine(checkReservedKeys, always)
  .superRefine(checkStyles, always)
  .superRefine(checkFieldKeys, always)
  .superRefine(checkFieldCount, always);
export type TemplatePass = z.infer<typeof templatePass>;

const overridable = {
  ...common,
  barcodes: since("9.0", z.array(barcode).max(MAX_OWN_BARCODES)),
  ...layout,
  description: description.optional(),
  organizationName: organizationName.optional(),
};

/** The overrides of one pass in pass.json: any key except the style. Its fields are set through `values`. */
export const passOverrides = z
  .looseObject(overridable)
  .superRefine(checkReservedKeys, always)
  .superRefine(checkNoStyles, always);
export type PassOverrides = z.infer<typeof passOverrides>;

/** A change of the overrides of one pass (RFC 7396). */
export const passPatch = z
  .looseObject(patchMembers(overridable))
  .superRefine(checkReservedKeys, always)
  .superRefine(checkNoStyles, always);
export type PassPatch = Readonly<Record<string, unknown>>;

/**
 * The required members that objects in a patch lack, such as nfc.message. The overrides that the patch changes must have them.
 * @returns their paths
 */
export function findAbsentMembers(patch: PassPatch): readonly (readonly PropertyKey[])[] {
  const said = mergePatch({}, patch);
  const issues = safeParseExactly(passOverrides, said).error?.issues ?? [];
  return issues.map(({ path }) => path).filter((path) => valueAt(said, path) === undefined);
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce((inner, key) => memberOf(inner, String(key)), value);
}

/** pass.json of a finished .pkpass: all keys that a phone needs are required. */
export const finishedPass = z
  .looseObject({
    ...common,
    ...layout,
    ...finishedStyles,
    barcode: replaced("barcodes", finishedBarcode),
    barcodes: since("9.0", z.array(finishedBarcode)),
    formatVersion: z.literal(1),
    description,
    organizationName,
    passTypeIdentifier: z.string().min(1),
    serialNumber: z.string().min(1),
    teamIdentifier: z.string().min(1),
    webServiceURL: text.optional(), // lint/identity.ts checks it: without a valid one, phones get no updates
    authenticationToken: z.string().min(16).optional(),
  })
  .superRefine(checkWebService, always)
  .superRefine(checkStyles, always)
  .superRefine(warnOfFieldKeys, always);
