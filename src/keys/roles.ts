/**
 * What the roles of keys may do. Each operation names the role that it needs (admin/openapi/access.ts); the APIs of other
 * systems ask for it in their routes.
 *
 *     scanner  sends scans, and undoes its own
 *     reader   reads, without links, downloads and personal data
 *     issuer   also issues and changes passes, scans, and changes what events show
 *     admin    everything: templates, identities and keys too
 */
import { ROLES } from "../db/schema.ts";
import { ApiError } from "../errors.ts";
import type { Role } from "./principal.ts";

/** "any": every key may do it. */
export type NeededRole = Role | "any";

const HELD: Readonly<Record<Role, readonly Role[]>> = {
  scanner: ["scanner"],
  reader: ["reader"],
  issuer: ["issuer", "reader", "scanner"],
  admin: ["admin", "issuer", "reader", "scanner"],
};

/** Whether a key with this role may do what needs the other role. A request without a key may do nothing. */
export function holdsRole(role: Role | undefined, needed: NeededRole): boolean {
  return role !== undefined && (needed === "any" || HELD[role].includes(needed));
}

/** @throws ApiError forbidden_role */
export function demandRole(role: Role | undefined, needed: NeededRole): void {
  if (holdsRole(role, needed)) return;
  const sufficient = ROLES.filter((each) => holdsRole(each, needed)).join(" or ");
  throw new ApiError(
    "forbidden_role",
    `This needs a key with the role ${sufficient}; the key that was sent has the role ${role ?? "none"} (GET /admin/v1/me shows what a key may do).`,
  );
}
