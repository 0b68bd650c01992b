/**
 * The shapes of the canonical API: what its bodies take and what its answers hold. Shared by the routes and the
 * OpenAPI document.
 *
 * What pass.json may hold is pkpass/schema/schema.ts.
 */
import * as z from "zod";
import { LANGUAGE } from "../pkpass/images/names.ts";
import {
  fieldOverride,
  overridingValue,
  passOverrides,
  personalizationJson,
  templatePass,
} from "../pkpass/schema/schema.ts";

export const externalId = z.string().min(1).max(200);
const instant = z.iso.datetime();
const nullable = { string: z.string().nullable(), instant: instant.nullable() };

/** Unicode letters and signs, no control characters, and nothing that would end a path segment. */
export const serialNumber = z
  .string()
  .min(1)
  .max(200)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused
  .regex(/^[^/\\?#\u0000-\u001f\u007f]+$/, "must not hold / \\ ? # or control characters")
  // RFC 3986 §6.2.2.3: these segments vanish from the address that a phone asks.
  .refine((text) => text !== "." && text !== "..", "must not be . or ..");

export const passTypeIdentifier = z
  .string()
  .max(155)
  .regex(/^[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$/, "must be as in Apple's portal, such as pass.com.example.card");
export const teamIdentifier = z
  .string()
  .regex(/^[A-Z0-9]{10}$/, "must be the 10 characters of an Apple team id");

/** A row of D1 takes 2 MB, and a character up to three bytes. */
const MAX_STRINGS_CHARACTERS = 400_000;
const MAX_PASS_CHARACTERS = 100_000;
/** It lies in every download until somebody has signed up. Terms that are longer are linked. */
const MAX_PERSONALIZATION_CHARACTERS = 20_000;

const isBounded = (pass: object) => JSON.stringify(pass).length <= MAX_PASS_CHARACTERS;
const tooLong = `must have at most ${MAX_PASS_CHARACTERS} characters as JSON`;
export const wholePass = templatePass.refine(isBounded, tooLong);
const overridingPass = passOverrides.refine(isBounded, tooLong);

export const personalization = personalizationJson.refine(
  (asked) => JSON.stringify(asked).length <= MAX_PERSONALIZATION_CHARACTERS,
  `must have at most ${MAX_PERSONALIZATION_CHARACTERS} characters as JSON`,
);

const image = z
  .string()
  .transform((text, context) => {
    try {
      return Uint8Array.fromBase64(text.replace(/^data:image\/png;base64,/, ""));
    } catch {
      context.addIssue({ code: "custom", message: "is not base64" });
      return z.NEVER;
    }
  })
  .meta({ description: "A PNG in base64", format: "byte" });

export const images = z
  .record(z.string(), image)
  .transform((byPath) => new Map(Object.entries(byPath)))
  .meta({ description: "Path in the bundle (icon@2x.png, fr.lproj/logo.png) → PNG in base64" });

export const strings = z
  .record(
    z.string().regex(LANGUAGE, "must be a language such as fr or pt-BR"),
    z.record(z.string().min(1), z.string()),
  )
  .refine(
    (byLanguage) => JSON.stringify(byLanguage).length <= MAX_STRINGS_CHARACTERS,
    `must have at most ${MAX_STRINGS_CHARACTERS} characters in all`,
  )
  .meta({ description: "Language → {text as it stands in pass.json: its translation}" });

const override = z
  .union([overridingValue.transform((value) => ({ value })), fieldOverride])
  .meta({ description: "The value alone, or any of value, label and changeMessage" });

export const name = z.string().min(1).max(200);
const id = z.int().positive();
const values = z.record(z.string(), override);
const changedValues = z.record(z.string(), override.nullable());
export const barcodeMessage = z.string().max(4000);
export const barcodeAltText = z.string().max(1000);
export const webService = z
  .enum(["/", "/api"])
  .meta({ description: "Which device path its passes name: PUBLIC_ORIGIN itself, or PUBLIC_ORIGIN/api" });
const tags = z.array(z.string().min(1).max(100)).max(100);

export const newPassType = z.strictObject({
  passTypeIdentifier,
  teamIdentifier: teamIdentifier.optional(),
  keyAlgorithm: z.enum(["RSA", "P-256"]).default("RSA"),
});

export const newKey = z.strictObject({ keyAlgorithm: z.enum(["RSA", "P-256"]).default("RSA") });

export const certificateUpload = z.strictObject({
  certificate: z.string().min(1).meta({ description: "The .cer from Apple's portal: PEM, or DER in base64" }),
  intermediate: z.string().min(1).optional().meta({ description: "WWDR; fetched from Apple if absent" }),
  privateKey: z.string().min(1).optional().meta({ description: "PEM; only if the key was made elsewhere" }),
  activeFrom: instant
    .transform((text) => Date.parse(text))
    .optional()
    .meta({ description: "From when on it signs; now, if absent" }),
});

export const newApnsKey = z.strictObject({
  keyId: z.string().regex(/^[A-Z0-9]{10}$/, "must be the 10 characters of the key's id"),
  teamIdentifier,
  privateKey: z.string().min(1).meta({ description: "The text of AuthKey_….p8" }),
});

export const newTemplate = z.strictObject({
  name,
  passTypeIdentifier,
  pass: wholePass,
  images,
  strings: strings.default({}),
  personalization: personalization.optional(),
  webService: webService.default("/"),
  projectId: id.optional(),
  externalId: externalId.optional(),
});

export const templateChange = z.strictObject({
  name: name.optional(),
  pass: wholePass.optional(),
  images: images.optional(),
  strings: strings.optional(),
  personalization: personalization.nullable().optional(),
  webService: webService.optional(),
  projectId: id.nullable().optional(),
  externalId: externalId.nullable().optional(),
});

export const newProject = z.strictObject({ name, externalId: externalId.optional() });
export const projectChange = z.strictObject({
  name: name.optional(),
  externalId: externalId.nullable().optional(),
});

export const newEvent = z.strictObject({
  name,
  externalId: externalId.optional(),
  values: values.optional(),
  pass: overridingPass.optional(),
});
export const eventChange = z.strictObject({
  name: name.optional(),
  externalId: externalId.nullable().optional(),
  values: changedValues.optional(),
  pass: overridingPass.optional(),
});

export const newPass = z.strictObject({
  serialNumber: serialNumber.optional(),
  externalId: externalId.optional(),
  values: values.optional(),
  pass: overridingPass.optional(),
  barcodeMessage: barcodeMessage.optional(),
  barcodeAltText: barcodeAltText.optional(),
  images: images.optional(),
  tags: tags.optional(),
  eventId: id.optional(),
});

export const passChange = z.strictObject({
  externalId: externalId.nullable().optional(),
  values: changedValues.optional(),
  pass: overridingPass.optional(),
  barcodeMessage: barcodeMessage.nullable().optional(),
  barcodeAltText: barcodeAltText.nullable().optional(),
  images: images.optional(),
  tags: tags.optional(),
  eventId: id.nullable().optional(),
});

export const redemption = z.strictObject({ redemptionId: z.string().min(1).max(200).optional() });

export const taking = z.strictObject({
  keep: z.boolean().default(false).meta({ description: "Whether it stays, to be read again" }),
});

/** Only what the pass asked for and its holder entered. */
export const personalInfo = z.object({
  passId: z.int(),
  receivedAt: instant,
  fullName: z.string().optional(),
  givenName: z.string().optional(),
  familyName: z.string().optional(),
  emailAddress: z.string().optional(),
  postalCode: z.string().optional(),
  ISOCountryCode: z.string().optional(),
  phoneNumber: z.string().optional(),
});

export const passType = z.object({
  passTypeIdentifier: z.string(),
  teamIdentifier: nullable.string,
  csr: z.string(),
  certificates: z.array(
    z.object({
      fingerprint: z.string(),
      state: z.enum(["active", "standby", "superseded", "expired"]),
      notBefore: instant,
      notAfter: instant,
      activeFrom: instant,
    }),
  ),
  createdAt: instant,
});

export const apnsKey = z.object({ keyId: z.string(), teamIdentifier: z.string(), createdAt: instant });

const imageFacts = { sha256: z.string(), bytes: z.int(), width: z.int(), height: z.int() };
const imagesFacts = z.record(z.string(), z.object({ ...imageFacts, derivedFrom: z.string().optional() }));

export const template = z.object({
  id: z.int(),
  passTypeIdentifier: z.string(),
  projectId: z.int().nullable(),
  name: z.string(),
  externalId: nullable.string,
  webService: z.enum(["/", "/api"]),
  pass: z.record(z.string(), z.unknown()),
  images: imagesFacts,
  strings: z.record(z.string(), z.record(z.string(), z.string())),
  personalization: z.record(z.string(), z.unknown()).nullable(),
  createdAt: instant,
  updatedAt: instant,
});

export const project = z.object({
  id: z.int(),
  name: z.string(),
  externalId: nullable.string,
  createdAt: instant,
  updatedAt: instant,
});

export const event = z.object({
  id: z.int(),
  projectId: z.int(),
  name: z.string(),
  externalId: nullable.string,
  values: z.record(z.string(), fieldOverride),
  pass: z.record(z.string(), z.unknown()),
  createdAt: instant,
  updatedAt: instant,
});

export const pass = z.object({
  id: z.int(),
  templateId: z.int(),
  eventId: z.int().nullable(),
  passTypeIdentifier: z.string(),
  serialNumber: z.string(),
  externalId: nullable.string,
  values: z.record(z.string(), fieldOverride),
  pass: z.record(z.string(), z.unknown()),
  barcodeMessage: nullable.string,
  barcodeAltText: nullable.string,
  images: imagesFacts,
  tags: z.array(z.string()),
  status: z.enum(["active", "redeemed"]),
  redeemedAt: nullable.instant,
  redemptionId: nullable.string,
  personalizedAt: nullable.instant,
  registrations: z.int(),
  installStatus: z.enum(["not_been_installed", "installed", "uninstalled"]),
  installedAt: nullable.instant,
  uninstalledAt: nullable.instant,
  lifecycleState: nullable.string,
  webToken: z.string(),
  downloadUrl: z.string(),
  landingUrl: z.string(),
  createdAt: instant,
  updatedAt: instant,
});

/** A list as every list route answers it. */
export function listOf(item: z.ZodType) {
  return z.object({ items: z.array(item), nextCursor: nullable.string });
}
