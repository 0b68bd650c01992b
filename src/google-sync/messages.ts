/**
 * The messages of the queue for Google: each says only that an issuer has work. So one that is lost costs a minute at most, and one
 * that arrives twice does nothing.
 */
import type { WakeReaders } from "../changes/outbox.ts";
import { issuerOfReader } from "../google-wallet/reader.ts";
import { logEvent } from "../log-events.ts";

export interface GoogleMessage {
  readonly kind: "google";
  readonly issuerId: string;
}

/** The part of a queue that is needed. */
export interface SendGoogleMessage {
  send(message: GoogleMessage, options?: { delaySeconds?: number }): Promise<unknown>;
}

/** Sends a message for each issuer among the readers. */
export function wakeGoogleReaders(queue: SendGoogleMessage): WakeReaders {
  return async (names) => {
    for (const name of names) {
      const issuerId = issuerOfReader(name);
      if (issuerId !== undefined) await wakeIssuer(queue, issuerId);
    }
  };
}

/** It does not throw: the minute trigger finds what is due. */
export async function wakeIssuer(queue: SendGoogleMessage, issuerId: string): Promise<void> {
  try {
    await queue.send({ kind: "google", issuerId });
  } catch (error) {
    logEvent("google_wake_failed", { error });
  }
}
