/**
 * Builds Google's resources from literals whose members may be absent.
 */
import { isObject } from "../json.ts";

/** A value of Google's type `T`, of which each member may also be undefined. */
export type Draft<T> = T extends readonly (infer Item)[]
  ? readonly Draft<Item>[]
  : T extends object
    ? { readonly [Key in keyof T]: Draft<T[Key]> | undefined }
    : T;

/**
 * The value without undefined members, blank texts, empty lists and empty objects, at any depth. The type is always named,
 * `compact<LoyaltyClass>({…})`, so that the compiler refuses a member that Google does not know.
 */
export function compact<T = never>(draft: Draft<NoInfer<T>>): T {
  return withoutEmpty(draft) as T;
}

function withoutEmpty(value: unknown): unknown {
  if (Array.isArray(value)) {
    const items = value.map(withoutEmpty).filter((item) => item !== undefined);
    return items.length === 0 ? undefined : items;
  }
  if (!isObject(value)) return typeof value === "string" && value.trim() === "" ? undefined : value;
  const members = Object.entries(value).flatMap(([key, member]) => {
    const kept = withoutEmpty(member);
    return kept === undefined ? [] : [[key, kept] as const];
  });
  return members.length === 0 ? undefined : Object.fromEntries(members);
}
