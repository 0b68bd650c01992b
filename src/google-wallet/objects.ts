/**
 * Google's objects: one for each pass that somebody wanted in Google Wallet, made at the first click.
 */
import { and, eq } from "drizzle-orm";
import { repeatable } from "../db/repeat.ts";
import { googleObjects } from "../db/schema.ts";
import { type PassSource, type RenderedObject, renderObject } from "../google/render.ts";
import type { GoogleType } from "../google/types.ts";
import { parseJson, writeJson } from "../json.ts";
import type { GoogleCaller } from "./access-token.ts";
import type { Shared } from "./classes.ts";
import type { IssuerRow } from "./issuers.ts";
import type { GoogleFailure } from "./problems.ts";
import { sendResource } from "./resources.ts";

export type EnsuredObject =
  | {
      readonly ok: true;
      readonly id: string;
      readonly classId: string;
      readonly type: GoogleType;
      readonly isSent: boolean;
    }
  | ({ readonly ok: false } & GoogleFailure);

/** Names the object of a pass among all objects of the issuer. */
export function objectKeyOf({ idPrefix }: Pick<IssuerRow, "idPrefix">, passId: number): string {
  return `${idPrefix}-p${passId}`;
}

/**
 * One read of D1. If Google has this object as it is now: no call, and no write. Its class must exist (classes.ts).
 * @param pass with the key from `objectKeyOf`
 */
export async function ensureObject(
  caller: GoogleCaller,
  issuer: IssuerRow,
  { source }: Shared,
  passId: number,
  pass: PassSource,
): Promise<EnsuredObject> {
  const { db, now } = caller;
  const { type, id, classId, resource } = renderObject(source, pass);
  const { issuerId } = issuer;
  const [row] = await db
    .select()
    .from(googleObjects)
    .where(
      and(
        eq(googleObjects.passId, passId),
        eq(googleObjects.issuerId, issuerId),
        eq(googleObjects.type, type),
      ),
    );
  const text = writeJson(resource);
  const ensured = { ok: true, id, classId, type } as const;
  if (row?.sent === text) return { ...ensured, isSent: false };
  const made = { kind: "Object", type, id, resource } as const;
  const answer = await sendResource(caller, issuer, made, row && parseJson(row.sent));
  if (!answer.ok) return answer;
  const sent = { resourceId: id, classId, sent: text, sentAt: now };
  const target = [googleObjects.passId, googleObjects.issuerId, googleObjects.type];
  await repeatable(() =>
    db
      .insert(googleObjects)
      .values({ issuerId, passId, type, createdAt: now, ...sent })
      .onConflictDoUpdate({ target, set: sent }),
  );
  return { ...ensured, isSent: true };
}

/** Records that Google may get this object from a link that has all of it, so that later changes are sent. */
export async function expectObject(
  { db, now }: Pick<GoogleCaller, "db" | "now">,
  { issuerId }: IssuerRow,
  passId: number,
  { type, id: resourceId, classId }: RenderedObject,
): Promise<void> {
  const sent = { resourceId, classId, sent: writeJson({}), sentAt: now };
  const row = { issuerId, passId, type, createdAt: now, ...sent };
  await repeatable(() => db.insert(googleObjects).values(row).onConflictDoNothing());
}
