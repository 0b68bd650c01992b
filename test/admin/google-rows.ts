/**
 * Rows of Google's classes and objects that are up to date, unless a test says otherwise.
 */
import type { googleClasses, googleObjects, StoredProblem } from "../../src/db/schema.ts";
import { writeJson } from "../../src/json.ts";

type Class = typeof googleClasses.$inferSelect;
type Sync = Partial<Omit<Class, "problem">> & { readonly problem?: StoredProblem };

const SENT_AT = 1_790_000_000_000;

function syncOf({ problem, ...more }: Sync) {
  return {
    ...{ generation: 1, sendAt: null, claimedUntil: null, attempts: 0, gaveUpAt: null, sentAt: SENT_AT },
    ...{ sent: writeJson({ id: "x" }), shownTexts: writeJson({}), notifiedAt: writeJson([]) },
    problem: problem === undefined ? null : writeJson(problem),
    ...more,
  };
}

export function classIdOf(issuerId: string, templateId: number, eventId = 0): string {
  return `${issuerId}.test.t${templateId}.e${eventId}`;
}

export function classOf(issuerId: string, templateId: number, eventId = 0, more: Sync = {}): Class {
  const resourceId = classIdOf(issuerId, templateId, eventId);
  const key = { issuerId, templateId, eventId, type: "loyalty", resourceId };
  return { ...key, objectBasis: "", staleThrough: null, ...syncOf(more) };
}

export function objectOf(
  issuerId: string,
  passId: number,
  { classId = `${issuerId}.test`, ...more }: Sync & { readonly classId?: string } = {},
): typeof googleObjects.$inferSelect {
  const ids = { issuerId, passId, type: "loyalty", resourceId: `${issuerId}.test.p${passId}`, classId };
  return { ...ids, createdAt: SENT_AT, ...syncOf(more) };
}
