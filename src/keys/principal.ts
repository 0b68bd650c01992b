/**
 * Who sends a request: the key's name for the change log, its role and its scope.
 */
import type { ROLES, Scope } from "../db/key-tables.ts";

export type { Scope } from "../db/key-tables.ts";
export type Role = (typeof ROLES)[number];

/** The key itself, without its text. */
export interface PrincipalKey {
  readonly name: string;
  /** Milliseconds. Null: it does not expire. */
  readonly expiresAt: number | null;
}

export interface Principal {
  /** The name for the change log; never the key. */
  readonly actor: string;
  readonly role: Role;
  /** Undefined if the key reaches everything. */
  readonly scope: Scope | undefined;
  /** Undefined for the ADMIN_TOKEN. */
  readonly key: PrincipalKey | undefined;
}

/** Who sends the ADMIN_TOKEN. */
export const ADMIN: Principal = { actor: "admin", role: "admin", scope: undefined, key: undefined };
