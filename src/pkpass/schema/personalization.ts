/**
 * personalization.json: the sign-up form that Wallet shows when someone adds a rewards pass with NFC.
 *
 * Follows Apple's "Personalize".
 */
import * as z from "zod";
import { openEnum, text } from "./primitives.ts";

const signUpFields = ["Name", "PostalCode", "EmailAddress", "PhoneNumber"].map(
  (field) => `PKPassPersonalizationField${field}`,
);

export const personalizationJson = z
  .looseObject({
    description: text.min(1, "must not be empty: the sign-up form shows it"),
    requiredPersonalizationFields: z.array(openEnum(signUpFields)).min(1),
    termsAndConditions: text.optional(),
  })
  .meta({ title: "Personalize" });
export type Personalization = z.infer<typeof personalizationJson>;
