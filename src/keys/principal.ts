/**
 * Who sends a request: the key's name for the change log, its role and its scope.
 */

/** From the fewest rights to the most. src/admin/README.md says what each role may do. */
export const ROLES = ["scanner", "reader", "issuer", "admin"] as const;
export type Role = (typeof ROLES)[number];

/** The ids of what a key can reach: each project, event or template of the lists, and what belongs to it (scope.ts). */
export interface Scope {
  readonly projects: readonly number[];
  readonly events: readonly number[];
  readonly templates: readonly number[];
}

export interface Principal {
  /** The name for the change log; never the key. */
  readonly actor: string;
  readonly role: Role;
  /** Undefined if the key can reach everything. */
  readonly scope: Scope | undefined;
}

/** Who sends the ADMIN_TOKEN. */
export const ADMIN: Principal = { actor: "admin", role: "admin", scope: undefined };
