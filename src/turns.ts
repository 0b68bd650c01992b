/**
 * Turns: how many requests of this isolate may do something at the same time. The others wait in order.
 *
 * If a client disconnects, the runtime cancels its request: it runs no more code, and so cannot give its turn back. So each
 * request that has a turn or waits for one renews its ticket with a timer of its own. A ticket that is not renewed is removed. No
 * promise of one request is resolved by another, which Workers do not support well.
 */
import { HEAVY, PASS_BODY, UNAUTHENTICATED_BODY } from "./memory.ts";

/** Longer than any work that blocks the timers of an isolate, such as decoding the images of a template. */
const EXPIRES_AFTER_MS = 15_000;
const RENEW_MS = 1000;
const LOOK_MS = 50;

export type Ticket = symbol;

export class Turns {
  readonly #atOnce: number;
  readonly #maxWaiting: number;
  /** The requests that have a turn or wait for one, in order → when the ticket was last renewed. */
  readonly #tickets = new Map<Ticket, number>();

  constructor(atOnce: number, maxWaiting: number) {
    this.#atOnce = atOnce;
    this.#maxWaiting = maxWaiting;
  }

  /** A ticket for a turn; undefined if too many requests wait. @param now milliseconds */
  enter(now: number): Ticket | undefined {
    this.#removeExpired(now);
    if (this.#tickets.size >= this.#atOnce + this.#maxWaiting) return undefined;
    const ticket = Symbol("turn");
    this.#tickets.set(ticket, now);
    return ticket;
  }

  /** Whether it is this ticket's turn. It also renews the ticket. */
  isNow(ticket: Ticket, now: number): boolean {
    this.renew(ticket, now);
    this.#removeExpired(now);
    return [...this.#tickets.keys()].slice(0, this.#atOnce).includes(ticket);
  }

  /** Whether a request waits for a turn. */
  isAwaited(now: number): boolean {
    this.#removeExpired(now);
    return this.#tickets.size > this.#atOnce;
  }

  renew(ticket: Ticket, now: number): void {
    if (this.#tickets.has(ticket)) this.#tickets.set(ticket, now);
  }

  /** Gives the turn back, or stops waiting. */
  leave(ticket: Ticket): void {
    this.#tickets.delete(ticket);
  }

  #removeExpired(now: number): void {
    for (const [ticket, renewedAt] of this.#tickets)
      if (renewedAt + EXPIRES_AFTER_MS < now) this.#tickets.delete(ticket);
  }
}

/** Requests with a template or an archive, and decoding of the images of one pass. */
export const heavyTurns = new Turns(HEAVY.atOnce, HEAVY.waiting);
/** Long bodies of single passes. */
export const passBodyTurns = new Turns(PASS_BODY.atOnce, Number.POSITIVE_INFINITY);
/** Long bodies whose sender is not known yet. They have their own turns, so that strangers cannot make others wait. */
export const unauthenticatedBodyTurns = new Turns(UNAUTHENTICATED_BODY.atOnce, UNAUTHENTICATED_BODY.waiting);

/** A pass is more urgent than memory: it waits this long for a turn, and then goes on without one. */
export const PASS_WAIT_MS = 10_000;

/** The time, replaced in tests. */
export interface Clock {
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<void>;
}

const CLOCK: Clock = {
  now: () => Date.now(),
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
};

/** @returns a function that gives the turn back; undefined if too many wait already, or after `waitMs` */
export async function takeTurn(
  turns: Turns,
  waitMs: number,
  { now, sleep }: Clock = CLOCK,
): Promise<(() => void) | undefined> {
  const until = now() + waitMs;
  const ticket = turns.enter(now());
  if (ticket === undefined) return undefined;
  while (!turns.isNow(ticket, now())) {
    if (now() >= until) {
      turns.leave(ticket);
      return undefined;
    }
    await sleep(LOOK_MS);
  }
  const renewal = setInterval(() => turns.renew(ticket, now()), RENEW_MS);
  return () => {
    clearInterval(renewal);
    turns.leave(ticket);
  };
}
