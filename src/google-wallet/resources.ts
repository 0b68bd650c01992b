/**
 * Makes a class or an object at Google, or brings it up to date. Only what differs from what was last sent is a call.
 */

import type { GoogleType } from "../google/types.ts";
import { isObject, type JsonObject } from "../json.ts";
import type { GoogleCaller } from "./access-token.ts";
import type { GoogleAnswer } from "./answers.ts";
import { callGoogle } from "./client.ts";
import { type IssuerRow, recordCheck } from "./issuers.ts";
import { needsAction } from "./problems.ts";

export interface GoogleResource {
  readonly kind: "Class" | "Object";
  readonly type: GoogleType;
  readonly id: string;
  readonly resource: JsonObject;
}

/**
 * One call; two if Google has the resource although no row says so, or the other way round; three if it gets it between these two.
 * @param sent as it was last sent; empty if nobody knows what Google has; undefined if it was never sent
 * @param mayInsert false: a resource that Google does not have is not made, and that is a success
 */
export async function sendResource(
  caller: GoogleCaller,
  issuer: IssuerRow,
  made: GoogleResource,
  sent: JsonObject | undefined,
  mayInsert = true,
): Promise<GoogleAnswer> {
  const { kind, type, id, resource } = made;
  const collection = `/${type}${kind}`;
  const insert = () => callGoogle(caller, issuer, { method: "POST", path: collection, body: resource });
  const replace = () =>
    callGoogle(caller, issuer, { method: "PUT", path: `${collection}/${id}`, body: resource });
  const patch = (before: JsonObject) => {
    const body = withRemoved(before, resource);
    return callGoogle(caller, issuer, { method: "PATCH", path: `${collection}/${id}`, body });
  };
  const isKnown = sent !== undefined && Object.keys(sent).length > 0;
  let answer = await (sent === undefined ? insert() : isKnown ? patch(sent) : replace());
  if (!answer.ok && sent !== undefined && answer.code === "resource_unknown")
    answer = mayInsert ? await insert() : { ok: true, body: {} };
  // The answer to an earlier insert was lost, or a link that had all of it was opened, perhaps just now.
  if (!answer.ok && answer.code === "resource_exists") answer = await replace();
  if (!answer.ok && needsAction(answer.code)) {
    const { code, detail } = answer;
    await recordCheck(caller.db, issuer, { code, detail }, caller.now);
  }
  return answer;
}

/** The resource, with null for each member that was sent and is no longer there: a PATCH keeps what it does not name. */
export function withRemoved(sent: JsonObject, resource: JsonObject): JsonObject {
  const removed = Object.keys(sent).filter((name) => !Object.hasOwn(resource, name));
  const members = Object.entries(resource).map(([name, value]) => {
    const before = sent[name];
    return [name, isObject(value) && isObject(before) ? withRemoved(before, value) : value];
  });
  return { ...Object.fromEntries(members), ...Object.fromEntries(removed.map((name) => [name, null])) };
}
