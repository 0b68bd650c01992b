/**
 * What is sent of an object that is no longer shown: of a deleted pass, or of a type that its template no longer has. Pure.
 */
import { blankObject, inactiveObject } from "../google/retired.ts";
import type { GoogleType } from "../google/types.ts";
import { LINK_ENDS_WITHIN_MS } from "../google-wallet/save-link.ts";
import type { ToSend } from "../google-wallet/send-row.ts";
import { UNSENT } from "../google-wallet/sync-rows.ts";
import { parseJson } from "../json.ts";
import type { ObjectRow } from "./google-claims.ts";

export interface Retired {
  readonly toSend: ToSend;
  /** When it has to be looked at again, in milliseconds. */
  readonly nextAt: number | null;
  /** Whether Google may make it although it does not have it now: a link that has all of it may still be opened. */
  readonly mayAppear: boolean;
}

/** @param isDeleted otherwise the pass has an object of another type now */
export function retire(type: GoogleType, row: ObjectRow, isDeleted: boolean, now: number): Retired {
  const sent = parseJson(row.sent);
  const ids = { id: row.resourceId, classId: row.classId };
  const isUnknown = row.sent === UNSENT.sent;
  const resource = isDeleted || isUnknown ? blankObject(type, ids, sent) : inactiveObject(sent);
  const noticed = { texts: {}, notices: [] };
  const linkEndsAt = row.sentAt + LINK_ENDS_WITHIN_MS;
  const mayAppear = isUnknown && linkEndsAt > now;
  return {
    toSend: { kind: "Object", type, id: ids.id, resource, noticed, messageKey: "pass", mayInsert: false },
    nextAt: mayAppear ? linkEndsAt : null,
    mayAppear,
  };
}
