/**
 * personalization.json: what Wallet asks of whoever adds a rewards pass with NFC.
 *
 * Follows Apple's "Personalize".
 */
import * as z from "zod";
import { openEnum, text } from "./primitives.ts";

const asked = ["Name", "PostalCode", "EmailAddress", "PhoneNumber"].map(
  (field) => `PKPassPersonalizationField${field}`,
);

export const personalization = z
  .looseObject({
    description: text.min(1, "must not be empty: the sheet shows it"),
    requiredPersonalizationFields: z.array(openEnum(asked)).min(1),
    termsAndConditions: text.optional(),
  })
  .meta({ id: "Personalize" });
export type Personalization = z.infer<typeof personalization>;
