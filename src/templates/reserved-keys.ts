/**
 * Field keys that a template cannot have while the Passdock dialect is enabled. They have another meaning in Passdock's API,
 * so its clients could not set such a field.
 */
import type { Dialect } from "../config.ts";
import { ApiError } from "../errors.ts";
import { pointerTo } from "../json.ts";
import { fieldsOf, type TemplatePass } from "../pkpass/schema/schema.ts";

/** The keys of a pass in Passdock's API, besides those of its template's fields. */
export const RESERVED_KEYS: ReadonlySet<string> = new Set(["serial_number", "redeemed", "bar", "relevance"]);

/** @throws ApiError invalid_pass, with a pointer to the key */
export function refuseReservedKeys(dialects: ReadonlySet<Dialect>, pass: TemplatePass | undefined): void {
  if (pass === undefined || !dialects.has("passdock")) return;
  for (const { field, path } of fieldsOf(pass)) {
    if (!RESERVED_KEYS.has(field.key)) continue;
    throw new ApiError(
      "invalid_pass",
      `"${field.key}" has another meaning in Passdock's API. Choose another key, or remove passdock from the setting DIALECTS.`,
      { pointer: pointerTo(["pass", ...path, "key"]) },
    );
  }
}
