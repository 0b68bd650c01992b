/**
 * What Google's class of a template and an event is rendered from.
 */
import type { events, templates } from "../db/schema.ts";
import { classKeyOf } from "../google/ids.ts";
import type { SharedSource } from "../google/render.ts";
import { parseJson } from "../json.ts";
import { googleImagePath } from "../templates/google-images.ts";
import { googleOfRow } from "../templates/google-rule.ts";
import type { IssuerRow } from "./issuers.ts";

/** The columns of a template that Google's class and objects are rendered from. */
export type TemplateSource = Pick<
  typeof templates.$inferSelect,
  "id" | "pass" | "strings" | "images" | "google" | "barcodeText"
>;
export type EventSource = Pick<
  typeof events.$inferSelect,
  "id" | "values" | "pass" | "without" | "deletedAt"
>;

/** A template and an event, as src/google renders them for this issuer. */
export interface Shared {
  readonly templateId: number;
  /** 0 without an event. */
  readonly eventId: number;
  readonly source: SharedSource;
  /** Objects take it from the template, and the class does not. */
  readonly barcodeText: string | null;
}

/** @param ofEvent a deleted one counts as none */
export function sharedSourceOf(
  issuer: Pick<IssuerRow, "issuerId" | "idPrefix">,
  publicOrigin: string,
  template: TemplateSource,
  ofEvent: EventSource | null,
): Shared {
  const event = ofEvent?.deletedAt === null ? ofEvent : null;
  const { issuerId, idPrefix } = issuer;
  return {
    templateId: template.id,
    eventId: event?.id ?? 0,
    barcodeText: template.barcodeText,
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
