/**
 * Schemas of issuers of Google Wallet.
 */
import * as z from "zod";
import { instant, listSchema, nullable } from "../schemas.ts";

const issuerId = z
  .string()
  .regex(/^[0-9]{1,20}$/, "must be the digits of the issuer's id, as a text, such as 3388000000012345678");

const serviceAccount = z.union([z.string().min(1), z.looseObject({})]).meta({
  description:
    "The JSON key of the service account as the Google Cloud Console downloads it: the object, or its text",
});

export const newGoogleIssuer = z.strictObject({ issuerId, serviceAccount }).meta({ id: "NewGoogleIssuer" });

export const googleIssuerChange = z
  .strictObject({ serviceAccount: serviceAccount.optional() })
  .meta({ id: "GoogleIssuerChange" });

export const googleCheck = z
  .object({
    checkedAt: instant,
    ok: z.boolean().meta({ description: "Whether passes can get to Google" }),
    code: nullable.string,
    detail: z.string(),
    cure: nullable.string,
  })
  .meta({ id: "GoogleCheck" });

export const googleIssuer = z
  .object({
    issuerId: z.string(),
    clientEmail: z.string(),
    privateKeyId: z.string(),
    lastCheck: googleCheck.nullable(),
    createdAt: instant,
    updatedAt: instant,
  })
  .meta({ id: "GoogleIssuer" });
export const googleIssuerList = listSchema(googleIssuer, "GoogleIssuerList");

export const googleIssuerPath = z.object({ issuerId });
