/**
 * Field keys that a template must not use, because an enabled API gives them another meaning. The configuration defines
 * these keys and the reasons (config.ts).
 */
import { ApiError } from "../errors.ts";
import { pointerTo } from "../json.ts";
import { fieldsOf, type TemplatePass } from "../pkpass/schema/schema.ts";

/**
 * The first field with a reserved key.
 * @param reserved key → the reason and the cure, as the end of a sentence
 */
export function findReservedKey(
  reserved: ReadonlyMap<string, string>,
  pass: TemplatePass,
): { readonly pointer: string; readonly why: string } | undefined {
  for (const { field, path } of fieldsOf(pass)) {
    const reason = reserved.get(field.key);
    if (reason === undefined) continue;
    return { pointer: pointerTo(["pass", ...path, "key"]), why: `"${field.key}" ${reason}` };
  }
  return undefined;
}

/**
 * Refuses a template that has a field with a reserved key.
 * @param before the template before a change: the keys that it already has are accepted
 * @throws ApiError invalid_pass, with a pointer to the key
 */
export function refuseReservedKeys(
  reserved: ReadonlyMap<string, string>,
  pass: TemplatePass,
  before?: TemplatePass,
): void {
  const kept = new Set(before === undefined ? [] : [...fieldsOf(before)].map(({ field }) => field.key));
  const found = findReservedKey(new Map([...reserved].filter(([key]) => !kept.has(key))), pass);
  if (found !== undefined) throw new ApiError("invalid_pass", found.why, { pointer: found.pointer });
}
