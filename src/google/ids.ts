/**
 * The ids of Google's classes and objects. An id is never used again, and its resource never changes its type, so the type is
 * a part of it: a template that becomes another type gets another class.
 *
 * Follows https://developers.google.com/wallet/reference/rest/v1/genericclass (id).
 */
import type { GoogleType } from "./types.ts";

/** The key of the class of a template and an event. */
export function classKeyOf(templateId: number, eventId: number | null): string {
  return eventId === null ? `t${templateId}` : `t${templateId}e${eventId}`;
}

/**
 * The id of a class or an object.
 * @param key unique among the issuer's passes of all deployments. What an id cannot have is replaced
 */
export function resourceIdOf(issuerId: string, key: string, type: GoogleType): string {
  return `${issuerId}.${key.replaceAll(/[^A-Za-z0-9._-]/g, "-")}-${type}`;
}
