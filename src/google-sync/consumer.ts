/**
 * The consumer of the queue for Google: brings what Google has up to date, for each issuer that a message names.
 *
 * A run reads the change log first, so it needs nothing of the message but the issuer. It ends after 18 seconds, and sends itself
 * another message if work is left.
 */
import { connectionPool } from "../connections.ts";
import { missingPart } from "../db/missing-tables.ts";
import { logEvent } from "../log-events.ts";
import { GOOGLE_PAGE_BYTES } from "../memory.ts";
import { pauseBefore } from "../push/retry.ts";
import type { GoogleMessage, SendGoogleMessage } from "./messages.ts";
import { type RunParts, runIssuer } from "./run.ts";

/** Cloudflare ends a consumer 30 seconds after an update of its runtime. A call in flight may take ten. */
const RUNS_MS = 18_000;
/** Work that is due later than this is left to the minute trigger. */
const NEXT_WITHIN_MS = 60_000;

export interface GoogleConsumerParts extends Omit<RunParts, "withConnection" | "pageBytes"> {
  readonly queue: SendGoogleMessage;
}

/**
 * A message is repeated three times (wrangler.toml) and then lost: the tables say what is due, and the minute trigger sends another.
 * @returns the error of a run that failed because a table is missing. The caller reports it once for the batch
 */
export async function consumeGoogle(
  batch: MessageBatch<GoogleMessage>,
  parts: GoogleConsumerParts,
): Promise<unknown> {
  const until = parts.now() + RUNS_MS;
  const withConnection = connectionPool();
  const byIssuer = Map.groupBy(batch.messages, ({ body }) => body.issuerId);
  const pageBytes = Math.floor(GOOGLE_PAGE_BYTES / byIssuer.size);
  const settled = [...byIssuer].map(async ([issuerId, messages]) => {
    try {
      const nextAt = await runIssuer({ ...parts, withConnection, pageBytes }, issuerId, until);
      await wakeLater(parts, issuerId, nextAt);
      for (const message of messages) message.ack();
    } catch (error) {
      for (const message of messages)
        message.retry({ delaySeconds: pauseBefore(message.attempts, undefined, parts.random()) });
      if (missingPart(error) !== undefined) return error;
      logEvent("queue_message_failed", { kind: "google", error });
    }
  });
  return (await Promise.all(settled)).find((error) => error !== undefined);
}

async function wakeLater(
  { queue, now }: GoogleConsumerParts,
  issuerId: string,
  nextAt: number | undefined,
): Promise<void> {
  const wait = nextAt === undefined ? Number.POSITIVE_INFINITY : Math.max(0, nextAt - now());
  if (wait > NEXT_WITHIN_MS) return;
  await queue.send({ kind: "google", issuerId }, { delaySeconds: Math.ceil(wait / 1000) });
}
