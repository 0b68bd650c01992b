/**
 * The body of a change of a pass, as the change that it asks for: additions are separate from values.
 */
import type * as z from "zod";
import type { Addition } from "../../passes/additions.ts";
import type { PassChange } from "../../passes/change-statements.ts";
import type { FieldPatch } from "../../pkpass/schema/schema.ts";
import type { passChange } from "./schemas.ts";

type FieldChange = FieldPatch & { readonly [Part in keyof Addition]?: Addition[Part] | undefined };

/** @returns no `additions` if the body adds nothing */
export function toPassChange({ values, ...rest }: Omit<z.output<typeof passChange>, "images">): PassChange {
  if (values === undefined) return rest;
  const additions: [string, Addition][] = [];
  const overrides: [string, FieldPatch | null][] = [];
  for (const [key, change] of Object.entries(values)) {
    const { add, max, min, ...override }: FieldChange = change ?? {};
    if (add !== undefined) additions.push([key, { add, max, min }]);
    overrides.push([key, change && override]);
  }
  return {
    ...rest,
    values: Object.fromEntries(overrides),
    ...(additions.length > 0 && { additions: Object.fromEntries(additions) }),
  };
}
