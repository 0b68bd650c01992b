/**
 * Set-up for tests of changes that many phones listen to.
 */
import { changes, deadLetters, pushControl } from "../../src/db/schema.ts";
import type { PushMessage } from "../../src/push/messages.ts";
import { admin, randomPushToken, storeCard } from "../harness.ts";
import { deleteRows, rowsOf, setRows } from "../rows.ts";
import { registerTokens } from "./timeline.ts";

/** Ends the campaigns of earlier tests, and what the operator had set. */
export async function endCampaigns(): Promise<void> {
  await setRows(pushControl, {}, { pausedAt: null, pushesPerSecond: null });
  await setRows(changes, {}, { dispatchedAt: 1 });
  await deleteRows(deadLetters);
}

/** The messages that a pause holds. */
export async function heldMessages(): Promise<PushMessage[]> {
  const held = (await rowsOf(deadLetters)).filter(({ messageId }) => messageId.startsWith("held "));
  return held.map(({ message }) => JSON.parse(message) as PushMessage);
}

export const tokensOf = (count: number) => Array.from({ length: count }, randomPushToken);

/** A template, and a pass of it with a registration of each token. */
export async function audience(passTypeIdentifier: string, tokens: readonly string[]) {
  const { id: templateId } = await admin.makeTemplate(passTypeIdentifier);
  const pass = await admin.issue(templateId);
  await registerTokens(pass, tokens);
  return { templateId, pass };
}

let version = 0;
/** A change of a template. */
export const newTexts = () => ({ pass: { ...storeCard, logoText: `v${++version}` } });
/** A change of a pass. */
export const newValues = () => ({ values: { points: `${++version}` } });
