/**
 * Schemas of merge patches (RFC 7396): as the schema of the value, but each member may be absent, which changes nothing, or
 * null, which removes it. An array replaces the stored one, so its items are as in the schema.
 */
import * as z from "zod";

/** One patch for each schema, so that it has one name in the OpenAPI document. */
const patches = new WeakMap<z.ZodType, z.ZodType>();

/** The members of a patch of an object with these members. */
export function patchMembers(shape: z.core.$ZodShape): Record<string, z.ZodType> {
  const members = Object.entries(shape).map(([key, member]) => [
    key,
    z.optional(z.nullable(patchOf(member))),
  ]);
  return Object.fromEntries(members);
}

function patchOf(schema: z.core.$ZodType): z.core.$ZodType {
  const inner = schema instanceof z.ZodOptional ? schema.unwrap() : schema;
  if (!(inner instanceof z.ZodObject)) return schema;
  const known = patches.get(inner);
  if (known !== undefined) return known;
  const id = inner.meta()?.id;
  const patch = z.looseObject(patchMembers(inner.shape)).meta(id === undefined ? {} : { id: `${id}Patch` });
  patches.set(inner, patch);
  return patch;
}
