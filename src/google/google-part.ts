/**
 * The `google` part of a template: what Google Wallet needs and pass.json does not have. All of it is optional.
 */
import * as z from "zod";
import { MAX_CHARACTERS } from "../limits.ts";
import { HINTS } from "./hints.ts";
import { GOOGLE_TYPES } from "./types.ts";

const rawPart = z.record(z.string().max(MAX_CHARACTERS.fieldKey), z.unknown());

export const googlePart = z.strictObject({
  /** Instead of the type that follows from the style. */
  type: z.enum(GOOGLE_TYPES).optional(),
  /** BCP 47: the language of texts that no pass.strings translates. Without it, English. */
  language: z
    .string()
    .max(MAX_CHARACTERS.language)
    .regex(/^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,4}$/, "must be a language tag such as de or pt-BR")
    .optional(),
  /** What Google needs → the key of the field that has it. */
  hints: z.partialRecord(z.enum(HINTS), z.string().min(1).max(MAX_CHARACTERS.fieldKey)).optional(),
  /** The address of the venue, if no field has it. Google draws a venue only with its address. */
  venueAddress: z.string().max(MAX_CHARACTERS.venueAddress).optional(),
  /** Whether Google may show the pictures of single passes. Everybody who has such an address can open the picture. */
  ownImages: z.boolean().optional(),
  /** Members of Google's class, which are merged over the mapped ones (RFC 7396). */
  class: rawPart.optional(),
  /** The same for Google's object. */
  object: rawPart.optional(),
});
export type GooglePart = z.infer<typeof googlePart>;
