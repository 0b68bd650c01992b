/**
 * Schemas of pass types, their certificates, and APNs keys.
 */
import * as z from "zod";
import type { ErrorCode } from "../../errors.ts";
import { instant, listSchema, nullable, passTypeIdentifier, wallets } from "../schemas.ts";

const teamIdentifier = z.string().regex(/^[A-Z0-9]{10}$/, "must be the 10 characters of an Apple team id");
const keyAlgorithm = z.enum(["RSA", "P-256"]).default("RSA");

/** Apple's portal gives no other identifiers, so no certificate could be installed for one. */
const registeredIdentifier = passTypeIdentifier.superRefine((identifier, context) => {
  if (identifier.startsWith("pass.")) return;
  context.addIssue({
    code: "custom",
    message: `must begin with "pass.", as all identifiers of Apple's portal do, such as pass.com.example.card`,
    params: { errorCode: "pass_type_prefix_missing" satisfies ErrorCode },
  });
});

export const newPassType = z
  .strictObject({
    passTypeIdentifier: registeredIdentifier,
    teamIdentifier: teamIdentifier.optional(),
    keyAlgorithm,
    wallets: wallets.default("both"),
  })
  .meta({ id: "NewPassType" });

export const passTypeChange = z.strictObject({ wallets: wallets.optional() }).meta({ id: "PassTypeChange" });

export const newSigningKey = z.strictObject({ keyAlgorithm }).meta({ id: "NewKey" });

export const certificateUpload = z
  .strictObject({
    certificate: z
      .string()
      .min(1)
      .meta({ description: "The .cer from Apple's portal: PEM, or DER in base64" }),
    intermediate: z
      .string()
      .min(1)
      .optional()
      .meta({ description: "The WWDR certificate. Default: Edgepass fetches it from Apple" }),
    privateKey: z
      .string()
      .min(1)
      .optional()
      .meta({ description: "In PEM. Send it only if the key was not created by Edgepass" }),
    activeFrom: instant
      .transform((text) => Date.parse(text))
      .optional()
      .meta({ description: "When the certificate starts to sign passes. Default: now" }),
  })
  .meta({ id: "CertificateUpload" });

const certificate = z
  .object({
    fingerprint: z.string(),
    state: z.enum(["active", "standby", "superseded", "expired"]),
    notBefore: instant,
    notAfter: instant,
    activeFrom: instant,
  })
  .meta({ id: "Certificate" });

export const passType = z
  .object({
    passTypeIdentifier: z.string(),
    teamIdentifier: nullable.string,
    wallets,
    csr: z.string().meta({ description: "The certificate signing request, in PEM" }),
    certificates: z.array(certificate),
    createdAt: instant,
  })
  .meta({ id: "PassType" });
export const passTypeList = listSchema(passType, "PassTypeList");

export const newApnsKey = z
  .strictObject({
    keyId: z.string().regex(/^[A-Z0-9]{10}$/, "must be the 10 characters of the key's id"),
    teamIdentifier,
    privateKey: z.string().min(1).meta({ description: "The text of AuthKey_….p8" }),
  })
  .meta({ id: "NewApnsKey" });

export const apnsKey = z
  .object({ keyId: z.string(), teamIdentifier: z.string(), createdAt: instant })
  .meta({ id: "ApnsKey" });
export const apnsKeyList = listSchema(apnsKey, "ApnsKeyList");

export const pushCheck = z
  .object({
    status: z
      .int()
      .nullable()
      .meta({ description: "The HTTP status of APNs; null if there was no response" }),
    reason: nullable.string.meta({ description: "APNs' reason, or why there was no response" }),
    verdict: z.enum([
      "bad_token",
      "unregistered",
      "expired_provider_token",
      "retry",
      "refused",
      "sent",
      "no_apns_key",
    ]),
    ok: z.boolean().meta({ description: "Whether pushes of this pass type can get out" }),
    detail: z.string().meta({ description: "What the response means, and what to do" }),
  })
  .meta({ id: "PushCheck" });

export const passTypePath = z.object({ passTypeIdentifier });
