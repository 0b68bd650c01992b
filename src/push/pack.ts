/**
 * Packs the tokens of messages that failed alike into few messages. Pure.
 */
import { HOUR_MS } from "../durations.ts";
import { writeJson } from "../json.ts";
import { splitTokens } from "./batches.ts";
import type { PushJob, PushMessage } from "./messages.ts";

/**
 * Packs the tokens of messages into few messages: those of one pass type that failed for the same reason and gave up within
 * the same hour. Other messages stay as they are.
 * @param reasons of each message
 */
export function packTokens(
  messages: readonly PushMessage[],
  reasons: readonly string[],
  tokensPerMessage: number,
): PushMessage[] {
  const alone = messages.filter((message) => message.kind !== "push");
  const groups = new Map<string, PushJob[]>();
  for (const [at, message] of messages.entries()) {
    if (message.kind !== "push") continue;
    const hour = Math.floor((message.gaveUpAt ?? 0) / HOUR_MS);
    const key = writeJson([message.passTypeIdentifier, reasons[at] ?? "", hour]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [message]);
    else group.push(message);
  }
  const packed = Array.from(groups.values(), (jobs) => packGroup(jobs, tokensPerMessage));
  return [...alone, ...packed.flat()];
}

/**
 * The newest change of a group counts for all of its tokens: a phone that was already notified of its own change may be
 * pushed once too often.
 */
function packGroup(jobs: readonly PushJob[], tokensPerMessage: number): PushJob[] {
  const [first] = jobs;
  if (first === undefined) return [];
  const { throughId: _, gaveUpAt: __, ...rest } = first;
  const throughIds = jobs.map(({ throughId }) => throughId);
  const gaveUpAt = jobs.map((job) => job.gaveUpAt);
  const shared = {
    ...rest,
    ...(throughIds.every(isDefined) ? { throughId: Math.max(...throughIds) } : {}),
    ...(gaveUpAt.every(isDefined) ? { gaveUpAt: Math.min(...gaveUpAt) } : {}),
  };
  const tokens = [...new Set(jobs.flatMap((job) => job.tokens))];
  return splitTokens(tokens, tokensPerMessage).map((part) => ({ ...shared, tokens: part }));
}

function isDefined(value: number | undefined): value is number {
  return value !== undefined;
}
