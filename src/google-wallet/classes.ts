/**
 * Google's classes: one for each template and event, made when somebody first wants one of their passes, and brought up to date
 * when it differs from what was last sent.
 */
import { and, eq } from "drizzle-orm";
import { repeatable } from "../db/repeat.ts";
import { type events, googleClasses, type templates } from "../db/schema.ts";
import { classKeyOf } from "../google/ids.ts";
import { type RenderedClass, renderClass, type SharedSource } from "../google/render.ts";
import type { GoogleType } from "../google/types.ts";
import { parseJson, writeJson } from "../json.ts";
import { googleImagePath } from "../templates/google-images.ts";
import { googleOfRow } from "../templates/google-rule.ts";
import type { GoogleCaller } from "./access-token.ts";
import type { IssuerRow } from "./issuers.ts";
import type { GoogleFailure } from "./problems.ts";
import { sendResource } from "./resources.ts";

/** The columns of a template that Google's class and objects are rendered from. */
export type TemplateSource = Pick<
  typeof templates.$inferSelect,
  "id" | "pass" | "strings" | "images" | "google"
>;
export type EventSource = Pick<typeof events.$inferSelect, "id" | "values" | "pass" | "without">;

/** A template and an event, as src/google renders them for this issuer. */
export interface Shared {
  readonly templateId: number;
  /** 0 without an event. */
  readonly eventId: number;
  readonly source: SharedSource;
}

export function sharedSourceOf(
  issuer: Pick<IssuerRow, "issuerId" | "idPrefix">,
  publicOrigin: string,
  template: TemplateSource,
  event: EventSource | null,
): Shared {
  const { issuerId, idPrefix } = issuer;
  return {
    templateId: template.id,
    eventId: event?.id ?? 0,
    source: {
      issuerId,
      classKey: `${idPrefix}-${classKeyOf(template.id, event?.id ?? null)}`,
      template: parseJson(template.pass),
      event:
        event === null
          ? undefined
          : {
              values: parseJson(event.values),
              overrides: parseJson(event.pass),
              without: parseJson(event.without),
            },
      strings: parseJson(template.strings),
      google: googleOfRow(template),
      images: parseJson(template.images),
      urlOf: (sha256) => publicOrigin + googleImagePath(sha256),
      callbackUrl: publicOrigin.startsWith("https:") ? `${publicOrigin}/google/callback` : undefined,
    },
  };
}

export type EnsuredClass =
  | { readonly ok: true; readonly id: string; readonly type: GoogleType; readonly isSent: boolean }
  | ({ readonly ok: false } & GoogleFailure);

/** One read of D1. If Google has this class as it is now: no call, and no write. */
export async function ensureClass(
  caller: GoogleCaller,
  issuer: IssuerRow,
  { templateId, eventId, source }: Shared,
): Promise<EnsuredClass> {
  const { db, now } = caller;
  const { type, id, resource } = renderClass(source);
  const { issuerId } = issuer;
  const key = { issuerId, templateId, eventId, type };
  const [row] = await db
    .select()
    .from(googleClasses)
    .where(
      and(
        eq(googleClasses.templateId, templateId),
        eq(googleClasses.eventId, eventId),
        eq(googleClasses.issuerId, issuerId),
        eq(googleClasses.type, type),
      ),
    );
  const text = writeJson(resource);
  if (row?.sent === text) return { ok: true, id, type, isSent: false };
  const made = { kind: "Class", type, id, resource } as const;
  const answer = await sendResource(caller, issuer, made, row && parseJson(row.sent));
  if (!answer.ok) return answer;
  const sent = { resourceId: id, sent: text, sentAt: now };
  const target = [
    googleClasses.templateId,
    googleClasses.eventId,
    googleClasses.issuerId,
    googleClasses.type,
  ];
  await repeatable(() =>
    db
      .insert(googleClasses)
      .values({ ...key, ...sent })
      .onConflictDoUpdate({ target, set: sent }),
  );
  return { ok: true, id, type, isSent: true };
}

/** Records that Google may get this class from a link that has all of it, so that later changes are sent. */
export async function expectClass(
  { db, now }: Pick<GoogleCaller, "db" | "now">,
  { issuerId }: IssuerRow,
  { templateId, eventId }: Shared,
  { type, id: resourceId }: Pick<RenderedClass, "type" | "id">,
): Promise<void> {
  const row = { issuerId, templateId, eventId, type, resourceId, sent: writeJson({}), sentAt: now };
  await repeatable(() => db.insert(googleClasses).values(row).onConflictDoNothing());
}
