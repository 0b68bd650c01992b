/**
 * Field keys that a template cannot have while the door for Passdock's clients is open: they name other things in a
 * pass there, so that no such client could ever set the field.
 */
import type { Dialect } from "../config.ts";
import { ApiError } from "../errors.ts";
import { pointerTo } from "../json.ts";
import { fieldsOf, type TemplatePass } from "../pkpass/schema/schema.ts";

/** What a pass of Passdock's API has beside the keys of its template. */
export const RESERVED_KEYS: ReadonlySet<string> = new Set(["serial_number", "redeemed", "bar", "relevance"]);

/** @throws ApiError invalid_pass, with a pointer to the key */
export function refuseReservedKeys(dialects: ReadonlySet<Dialect>, pass: TemplatePass | undefined): void {
  if (pass === undefined || !dialects.has("passdock")) return;
  for (const { field, path } of fieldsOf(pass)) {
    if (!RESERVED_KEYS.has(field.key)) continue;
    throw new ApiError(
      "invalid_pass",
      `"${field.key}" has another meaning in Passdock's API. Choose another key, or take passdock out of the setting DIALECTS.`,
      { pointer: pointerTo(["pass", ...path, "key"]) },
    );
  }
}
