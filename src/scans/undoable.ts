/**
 * Which scans can be undone, and until when. undo.ts checks the revision of the pass again, in the statement that undoes.
 */
import type { passes } from "../db/schema.ts";
import { MINUTE_MS } from "../durations.ts";
import { EFFECTS } from "./decide.ts";
import type { StoredScan } from "./find.ts";

export const UNDO_MINUTES = 5;

/** Whether the scan changed its pass. */
export function hasEffect({ outcome }: StoredScan): boolean {
  return EFFECTS.some((effect) => effect === outcome);
}

/** Milliseconds: the last time at which the scan can be undone, if it can. */
export function lastUndoAt({ receivedAt }: StoredScan): number {
  return receivedAt + UNDO_MINUTES * MINUTE_MS;
}

/** Whether there is something to undo, and nothing has changed the pass since. */
export function isUndoable(scan: StoredScan, pass: Pick<typeof passes.$inferSelect, "revision">): boolean {
  return hasEffect(scan) && scan.undoneAt === null && scan.revision === pass.revision;
}
