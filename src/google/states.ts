/**
 * The state of an object. All but ACTIVE move it to the expired passes of Google Wallet.
 */

export type ObjectStatus = "active" | "redeemed" | "expired" | "voided" | "deleted";

const STATES: Readonly<Record<ObjectStatus, string>> = {
  active: "ACTIVE",
  redeemed: "COMPLETED",
  expired: "EXPIRED",
  voided: "INACTIVE",
  deleted: "INACTIVE",
};

export function stateOf(status: ObjectStatus): string {
  return STATES[status];
}
