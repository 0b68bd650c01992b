/**
 * Apple's push service for the Worker's fetch: the rules of the stand-in (apple/apns-rules.ts), tokens that belong to
 * phones and become invalid, and occasional faults. It delivers what it accepts, early or late; for a phone that is off
 * it stores the last push of each topic until that expires.
 *
 * A token becomes invalid if its phone gets another one (from then on 410 or BadDeviceToken), or temporarily.
 *
 * Follows Apple's "Sending notification requests to APNs" and "Handling notification responses from APNs".
 */
import {
  type ApnsAnswer,
  answerAboutToken,
  answerWith,
  GATEWAY_PAGE,
  toApnsRequest,
  toResponse,
} from "../../apple/apns-rules.ts";
import type * as Apple from "./apple.ts";
import type { Faults } from "./faults.ts";
import type { Random } from "./random.ts";
import type { Schedule } from "./schedule.ts";
import type { Stop } from "./world.ts";

/** A phone, from the point of view of its push service. */
export interface Receiver {
  readonly name: string;
  /** Whether it is connected to the network. */
  readonly online: boolean;
  /** Called when a push arrives. */
  pushed(topic: string): void;
  /** Called when APNs has just reported its token as unregistered, although the token is only temporarily invalid. */
  wasCalledDead(): void;
}

interface Token {
  readonly phone: Receiver;
  /** Undefined: alive. */
  deadSince: number | undefined;
  /** Whether the token will be valid again: then APNs never reports it as malformed. */
  lapsed: boolean;
  /** Consecutive pushes that were not delivered. */
  failures: number;
}

export interface ApnsParts {
  readonly schedule: Schedule;
  readonly faults: Faults;
  readonly random: Random;
  readonly judge: typeof Apple.judge;
  readonly accounts: Apple.ApnsAccounts;
  readonly origin: string;
  /** Reports a violation of an invariant. */
  readonly violate: (invariant: string, what: string) => void;
  readonly stop: Stop;
}

/** What goes wrong on a bad day; null is the page of a proxy. */
const BAD_DAYS: readonly (ApnsAnswer | null)[] = [
  answerWith("ExpiredProviderToken"),
  answerWith("TooManyRequests"),
  answerWith("InternalServerError"),
  null,
  answerWith("ServiceUnavailable", { headers: { "retry-after": "120" } }),
  answerWith("TooManyProviderTokenUpdates"),
  answerWith("Shutdown"),
  answerWith("IdleTimeout"),
];
/** After this many consecutive failures a token gets no more faults: the Worker tries a push ten times. */
const MOST_FAILURES = 4;
const USUALLY_DELIVERED_AFTER_MS = 1500;
/** The normal delay. It is shorter than the interval between two pushes to a phone, so that no push overtakes another. */
const DELIVERED_WITHIN_MS = 30_000;

export class Apns {
  /** The number of pushes to invalid tokens since it was last set to 0. */
  toDead = 0;
  accepted = 0;
  readonly #parts: ApnsParts;
  readonly #tokens = new Map<string, Token>();
  /** The stored pushes for phones that are off: `token topic`, and when the push expires. */
  readonly #kept = new Map<string, number>();
  #underWay = 0;

  constructor(parts: ApnsParts) {
    this.#parts = parts;
  }

  /** Whether no push is on its way to a phone. */
  get idle(): boolean {
    return this.#underWay === 0;
  }

  /** A new token for this phone. Its old token becomes invalid. */
  issue(phone: Receiver, old: string | undefined): string {
    const token = this.#parts.random.hex(32);
    this.#tokens.set(token, { phone, deadSince: undefined, lapsed: false, failures: 0 });
    if (old !== undefined) this.#die(old, false);
    return token;
  }

  /** The token is permanently invalid. */
  retire(token: string): void {
    this.#die(token, false);
  }

  /** The token is invalid until it is revived. */
  lapse(token: string): void {
    this.#die(token, true);
  }

  revive(token: string): void {
    const known = this.#tokens.get(token);
    if (known !== undefined) Object.assign(known, { deadSince: undefined, lapsed: false });
  }

  /** The phone is connected again and gets the stored pushes. */
  cameOnline(token: string): void {
    for (const [place, expiresAt] of this.#kept) {
      const [kept, topic = ""] = place.split(" ");
      if (kept !== token) continue;
      this.#kept.delete(place);
      if (expiresAt > this.#parts.schedule.now) this.#deliver(token, topic, expiresAt);
    }
  }

  /**
   * The Worker's fetch, which can reach only the push service. A caller that aborts gets an error immediately. Half of
   * the aborted requests have reached APNs, and half never will.
   */
  readonly fetch = async (url: string, init: RequestInit): Promise<Response> => {
    const { origin, random, stop, violate } = this.#parts;
    const { signal } = init;
    signal?.throwIfAborted();
    if (!url.startsWith(`${origin}/`)) {
      violate("the Worker asks APNs and nobody else", url);
      throw new TypeError("Network connection lost.");
    }
    const token = url.split("/").at(-1) ?? "";
    const label = `apns ${this.#tokens.get(token)?.phone.name ?? "?"} ${token.slice(0, 6)}`;
    let onItsWay = true;
    const ask = async () => {
      if (!onItsWay) return undefined;
      onItsWay = false;
      return this.#answer(url, init);
    };
    return new Promise((resolve, reject) => {
      signal?.addEventListener("abort", () => {
        if (random.chance(0.5)) void ask();
        onItsWay = false;
        reject(new DOMException("The operation was aborted", "AbortError"));
      });
      stop("apns", label, ask).then((answer) => answer !== undefined && resolve(answer), reject);
    });
  };

  async #answer(url: string, init: RequestInit): Promise<Response | undefined> {
    const { schedule, judge, accounts, violate } = this.#parts;
    const request = toApnsRequest(url, init);
    const { refusal, token, complaints } = await judge(request, accounts, schedule.now);
    for (const complaint of complaints) violate("APNs has nothing to complain of", complaint);
    if (refusal !== undefined) {
      violate("APNs has nothing to complain of", refusal);
      return toResponse(answerWith(refusal), schedule.now);
    }
    const headers = new Map(request.headers);
    const expiration = Number(headers.get("apns-expiration") ?? 0);
    const answer = this.#push(token, headers.get("apns-topic") ?? "", expiration * 1000);
    if (answer === null) return new Response(GATEWAY_PAGE, { status: 502 });
    return answer && toResponse(answer, schedule.now);
  }

  /** @returns null: the page of a proxy; undefined: no answer ever, until the caller gives up */
  #push(token: string, topic: string, expiresAt: number): ApnsAnswer | null | undefined {
    const { random, faults, schedule, violate } = this.#parts;
    const known = this.#tokens.get(token);
    if (known === undefined) {
      violate("only tokens that APNs gave out are pushed", token);
      return answerAboutToken("unknown");
    }
    if (known.failures < MOST_FAILURES && faults.accident(0.12)) {
      known.failures++;
      if (random.chance(0.15)) return undefined;
      return random.pick(BAD_DAYS);
    }
    known.failures = 0;
    if (known.deadSince !== undefined) {
      this.toDead++;
      if (known.lapsed) known.phone.wasCalledDead();
      if (!known.lapsed && random.chance(0.2)) return answerAboutToken("unknown");
      const reason = random.chance(0.8) ? "Unregistered" : "ExpiredToken";
      return answerAboutToken({ reason, deadSince: known.deadSince });
    }
    schedule.note(`accepted for ${known.phone.name}`);
    this.accepted++;
    this.#deliver(token, topic, expiresAt);
    return answerAboutToken("active");
  }

  #deliver(token: string, topic: string, expiresAt: number): void {
    const { schedule, faults, random } = this.#parts;
    const usual = random.wait(USUALLY_DELIVERED_AFTER_MS);
    const unstruck = faults.strike ? usual : Math.min(usual, DELIVERED_WITHIN_MS);
    const late = faults.accident(0.1) ? random.int(600_000) : unstruck;
    this.#underWay++;
    schedule.at(schedule.now + late, `push of ${token.slice(0, 6)} arrives`, () => {
      this.#underWay--;
      const known = this.#tokens.get(token);
      if (known === undefined || known.deadSince !== undefined) return "at nobody";
      if (known.phone.online) known.phone.pushed(topic);
      else this.#kept.set(`${token} ${topic}`, expiresAt);
      return `at ${known.phone.name}`;
    });
  }

  #die(token: string, lapsed: boolean): void {
    const known = this.#tokens.get(token);
    if (known !== undefined) Object.assign(known, { deadSince: this.#parts.schedule.now, lapsed });
  }
}
