/**
 * Schemas of passes.
 */
import * as z from "zod";
import { barcodeAltText, barcodeMessage, serialNumber } from "../../http/pass-values.ts";
import { MAX_CHARACTERS, MAX_ITEMS } from "../../limits.ts";
import { GOOGLE_STATES } from "../../passes/google-state.ts";
import { INSTALL_STATUSES } from "../../passes/install-status.ts";
import { PASS_STATUSES } from "../../passes/status.ts";
import { overridingValue } from "../../pkpass/schema/schema.ts";
import { summand } from "../../templates/addable.ts";
import { reported } from "../lint/schemas.ts";
import { notified } from "../notification-schemas.ts";
import {
  externalId,
  fieldOverride,
  fieldPatch,
  id,
  imageFacts,
  images,
  imagesPatch,
  instant,
  nullable,
  overridesPatch,
  overridingPass,
  revision,
  values,
  without,
} from "../schemas.ts";

export const status = z.enum(PASS_STATUSES);
const tags = z.array(z.string().min(1).max(MAX_CHARACTERS.tag)).max(MAX_ITEMS.tagsOfPass);

export const newPass = z
  .strictObject({
    serialNumber: serialNumber.optional().meta({
      description:
        "Default: a random one. It may have single slashes (AB-07/09/25) if no part between them is . or .. and the last " +
        "part is not personalize or passLifecycleUpdate",
    }),
    externalId: externalId.optional(),
    values: values.optional(),
    pass: overridingPass.optional(),
    without: without.optional(),
    barcodeMessage: barcodeMessage.optional(),
    barcodeAltText: barcodeAltText.optional(),
    images: images.optional(),
    tags: tags.optional(),
    eventId: id.optional(),
  })
  .meta({ id: "NewPass" });

/** The same for a pass whose serial number is in the path. */
export const replacedPass = newPass
  .omit({ serialNumber: true })
  .extend({ templateId: id })
  .meta({ id: "ReplacedPass" });

/** The change of one field. An object may have an addition instead of a value. */
const fieldChange = z
  .strictObject({
    ...fieldPatch.shape,
    add: summand
      .optional()
      .meta({ description: "Added to the number that the pass shows. The sum becomes its own value" }),
    max: summand.optional().meta({ description: "The largest allowed sum" }),
    min: summand.optional().meta({ description: "The smallest allowed sum" }),
  })
  .refine(({ value, add }) => value === undefined || add === undefined, {
    path: ["add"],
    error: "cannot be sent together with value",
  })
  .refine(({ add, max, min }) => add !== undefined || (max === undefined && min === undefined), {
    path: ["add"],
    error: "is required with max or min",
  })
  .meta({ id: "FieldChange" });

const passValues = z
  .record(z.string(), z.union([overridingValue.transform((value) => ({ value })), fieldChange]).nullable())
  .meta({
    description:
      "Field key → its value in this pass. They are merged by key (RFC 7396); null removes a value, or a part of it, and " +
      "phones get that of the layers below again; `add` adds to a number",
  });

export const passChange = z
  .strictObject({
    externalId: externalId.nullable().optional(),
    values: passValues.optional(),
    pass: overridesPatch.optional(),
    without: without.optional(),
    barcodeMessage: barcodeMessage.nullable().optional(),
    barcodeAltText: barcodeAltText.nullable().optional(),
    images: imagesPatch.optional(),
    tags: tags.optional().meta({ description: "They replace all tags" }),
    eventId: id.nullable().optional(),
  })
  .meta({ id: "PassChange" });

const redemptionId = z.string().min(1).max(MAX_CHARACTERS.redemptionId);

export const redemption = z
  .strictObject({
    redemptionId: redemptionId.optional(),
    force: z
      .boolean()
      .default(false)
      .meta({ description: "Whether to redeem the pass even if it is voided or has expired" }),
  })
  .meta({ id: "Redemption" });

export const undoneRedemption = z
  .strictObject({ redemptionId: redemptionId.optional() })
  .meta({ id: "UndoneRedemption" });

export const voiding = z
  .strictObject({
    reason: z
      .string()
      .min(1)
      .max(MAX_CHARACTERS.voidReason)
      .optional()
      .meta({ description: "For you: phones do not show it" }),
  })
  .meta({ id: "Voiding" });

export const personalDataRequest = z
  .strictObject({
    keep: z
      .boolean()
      .default(false)
      .meta({ description: "Whether to keep the data, so that it can be read again" }),
  })
  .meta({ id: "PersonalDataRequest" });

/** Only what the pass requested and its holder entered. */
export const personalData = z
  .object({
    passId: z.int(),
    receivedAt: instant,
    fullName: z.string().optional(),
    givenName: z.string().optional(),
    familyName: z.string().optional(),
    emailAddress: z.string().optional(),
    postalCode: z.string().optional(),
    ISOCountryCode: z.string().optional(),
    phoneNumber: z.string().optional(),
  })
  .meta({ id: "PersonalData" });

const links = { webToken: z.string(), downloadUrl: z.string(), landingUrl: z.string() };
/** For readers, who do not see them. */
const optionalLinks = {
  webToken: links.webToken.optional(),
  downloadUrl: links.downloadUrl.optional(),
  landingUrl: links.landingUrl.optional(),
};

const registrations = z.int().meta({
  description: "The number of devices that are registered for updates of the pass, in Apple Wallet",
});
const install = z.object({
  status: z.enum(INSTALL_STATUSES).meta({ description: "In this Wallet" }),
  installedAt: nullable.instant.meta({
    description:
      "When it was first added there, or added again after it had been removed. Null if it never was there",
  }),
  uninstalledAt: nullable.instant.meta({
    description: "When it was removed there. Null while it is there",
  }),
});

const google = z
  .object({
    objectId: z.string().meta({ description: "Google's id of it" }),
    state: z.enum(GOOGLE_STATES).meta({
      description:
        "up_to_date: Google has the pass as it is now. waiting: a change of the pass, its template or its event is sent soon, or " +
        "repeated. failed: Google refused it, and it is not sent again until it is changed or tried again",
    }),
    sentAt: nullable.instant.meta({ description: "When it was last sent. Null: never" }),
    problem: z
      .object({
        code: z.string().meta({ description: "What is wrong" }),
        detail: z.string().meta({ description: "Google's own words" }),
        cure: z.string(),
      })
      .nullable()
      .meta({ description: "Why the last attempt failed. Null: it did not" }),
  })
  .optional()
  .meta({
    description: "What Google Wallet has of it. Absent: nobody has clicked its link to Google Wallet yet",
  });

export const pass = z
  .object({
    id: z.int(),
    templateId: z.int(),
    eventId: z.int().nullable(),
    passTypeIdentifier: z.string(),
    serialNumber: z.string(),
    externalId: nullable.string,
    values: z.record(z.string(), fieldOverride),
    pass: z.record(z.string(), z.unknown()),
    without: z.array(z.string()),
    barcodeMessage: nullable.string,
    barcodeAltText: nullable.string,
    images: imageFacts,
    tags: z.array(z.string()),
    status: status.meta({
      description: "The first of these that applies: voided, redeemed, expired, active",
    }),
    redeemedAt: nullable.instant,
    redemptionId: nullable.string,
    voidedAt: nullable.instant.meta({
      description:
        "When it was voided. Null if only `voided` in pass.json of the pass, its event or its template voids it",
    }),
    voidReason: nullable.string,
    expiresAt: nullable.instant.meta({
      description:
        "The expirationDate in pass.json: the pass's own, or else its event's, or else its template's",
    }),
    personalizedAt: nullable.instant.meta({ description: "When the holder signed up in Wallet" }),
    registrations,
    installStatus: z.enum(INSTALL_STATUSES).meta({
      description: "In Apple Wallet and Google Wallet together: `installed` if it is in one of them",
    }),
    installedAt: nullable.instant,
    uninstalledAt: nullable.instant,
    installs: z
      .object({
        apple: install.extend({ registrations }).meta({
          description:
            "In Apple Wallet. Derived from registrations: a phone with automatic updates turned off counts as uninstalled",
        }),
        google: install.meta({
          description:
            "In Google Wallet, as Google's callbacks say. If several persons have saved it and one of them removes it, it counts as " +
            "uninstalled until somebody saves it",
        }),
      })
      .meta({ description: "In each Wallet" }),
    lifecycleState: nullable.string.meta({
      description: "The last state that a device reported. Not verified",
    }),
    revision,
    ...optionalLinks,
    createdAt: instant,
    updatedAt: instant,
  })
  .meta({ id: "Pass" });
export const passWithGoogle = pass.extend({ google }).meta({ id: "PassWithGoogle" });
export const lintedPass = pass.extend({ ...links, ...reported }).meta({ id: "LintedPass" });
export const changedPass = lintedPass.extend(notified).meta({ id: "ChangedPass" });
