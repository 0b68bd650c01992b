/**
 * Google Wallet for the Worker's fetch and for people who open a link: the stand-in Google (google/stand-in) in the model's time, with
 * faults. An answer is lost or slow, Google refuses with 429 or 5xx, and a call that its caller has given up arrives late, or never.
 * Without a fault, Google answers a click slowly now and then, and meanwhile somebody changes what the call has sent.
 */
import { createGoogle, type Google as StandIn } from "../../google/stand-in/google.ts";
import { errorBody } from "../../google/stand-in/refusals.ts";
import { htmlAnswer, jsonAnswer, type WireAnswer, type WireRequest } from "../../google/stand-in/wire.ts";
import type { Faults } from "./faults.ts";
import { GoogleWitness, SYNC } from "./google-witness.ts";
import type { Invocation } from "./isolate.ts";
import type { Random } from "./random.ts";
import type { Schedule } from "./schedule.ts";
import type { Stop } from "./world.ts";

export const GOOGLE_API = "https://walletobjects.googleapis.com";
const TOKENS = "https://oauth2.googleapis.com";
const SAVED_AT = "https://pay.google.com/gp/v/save/";

export interface GoogleParts {
  readonly schedule: Schedule;
  readonly faults: Faults;
  readonly random: Random;
  /** The issuer and its service account, as the stand-in saved them. */
  readonly accounts: string;
  /** Reports a violation of an invariant. */
  readonly violate: (invariant: string, what: string) => void;
  readonly stop: Stop;
  /** Changes what this class or object shows, while Google has it and has not answered. */
  readonly changeMeanwhile: (id: string) => void;
}

/** How often Google takes some seconds for a call of a click, without a fault, and how long. Not as long as the caller waits. */
const SLOW_CLICKS = 0.4;
const SLOW_MS = [1500, 7000] as const;

/** After a call was given up, it arrives at most this much later. */
const LATEST_MS = 8000;
const LONGEST_UNINVITED_MS = 10 * 60_000;
/** The Worker answers clicks with a refusal for ten seconds after it was stored. Answers and writes may be slow. */
const LONGEST_REFUSED_MS = 40_000;

/** What goes wrong on a bad day, and how often. */
const BAD_DAYS = {
  "no answer": 3,
  "a slow answer": 3,
  "429": 3,
  "429 for 40 s": 3,
  "500 after the effect": 3,
  "503": 3,
  "a page of a proxy": 2,
  "the token has ended": 2,
  "the account is not invited": 0.3,
} as const;
type Accident = keyof typeof BAD_DAYS;

/** A call of the Worker. */
interface Call {
  readonly label: string;
  readonly request: WireRequest;
  /** The id of the class or object that it writes. */
  readonly id: string | undefined;
  /** Undefined outside the Worker. */
  readonly invocation: Invocation | undefined;
  accident: Accident | undefined;
  hasArrived: boolean;
  /** Whether its caller has given it up. */
  isAbandoned: boolean;
}

export class Google {
  readonly standIn: StandIn;
  readonly witness: GoogleWitness;
  readonly #parts: GoogleParts;
  readonly #underWay = new Set<Call>();
  /** What is wrong at Google at the moment. */
  #trouble: Accident | undefined;
  #refusedAt = Number.NEGATIVE_INFINITY;

  constructor(parts: GoogleParts) {
    const { schedule, violate, accounts } = parts;
    this.#parts = parts;
    this.standIn = createGoogle({ origin: GOOGLE_API, now: () => schedule.now, saved: accounts });
    this.witness = new GoogleWitness(schedule, parts.faults, violate);
  }

  static isAt(url: string): boolean {
    return url.startsWith(`${GOOGLE_API}/`) || url.startsWith(`${TOKENS}/`);
  }

  /** Whether no call is on its way. */
  get idle(): boolean {
    for (const { invocation, isAbandoned } of this.#underWay)
      if (isAbandoned || !invocation?.ended) return false;
    return true;
  }

  /** Whether the Worker may answer a click with a refusal without a call (google-wallet/repeats.ts). */
  get hasRefusedLately(): boolean {
    return this.#parts.schedule.now - this.#refusedAt < LONGEST_REFUSED_MS;
  }

  /** The Worker's fetch. A caller that aborts gets an error immediately. */
  readonly fetch = (
    url: string,
    init: RequestInit,
    invocation: Invocation | undefined,
  ): Promise<Response> => {
    const { schedule, random, stop } = this.#parts;
    const { signal } = init;
    signal?.throwIfAborted();
    const call = this.#callOf(url, init, invocation);
    const trouble = call.accident ?? this.#trouble;
    if (trouble !== undefined) invocation?.strike("google", call.label, trouble);
    this.witness.starts(call.id, invocation?.caller);
    this.#underWay.add(call);
    const arrive = () => (call.isAbandoned ? undefined : this.#arrive(call));
    return new Promise((resolve, reject) => {
      const giveUp = (error: unknown) => {
        if (!this.#underWay.has(call) || call.isAbandoned) return;
        this.#abandon(call);
        reject(error);
      };
      signal?.addEventListener("abort", () =>
        giveUp(new DOMException("The operation was aborted", "AbortError")),
      );
      stop("google", call.label, arrive).then(async (answer) => {
        if (answer === undefined) return;
        if (call.accident === "a slow answer")
          await schedule.sleep(random.between(1000, 12_000), "Google answers");
        else await this.#takeTime(call);
        if (call.isAbandoned) return;
        this.#underWay.delete(call);
        const { status, headers, body } = answer;
        resolve(new Response(body, { status, headers }));
      }, giveUp);
    });
  };

  /**
   * A person opens the address of a link, and saves the pass.
   * @returns the object's id; undefined if Google refuses, which happens
   */
  async open(url: string): Promise<string | undefined> {
    const { schedule, violate } = this.#parts;
    const { pathname } = new URL(url);
    const { history } = this.standIn;
    const answered = this.standIn.answer({ method: "GET", target: pathname, headers: {}, body: "" });
    // Signatures are verified on another thread.
    const answer = await schedule.awaitElsewhere(answered);
    const refusal = history.list({ kind: "save" }).at(-1)?.refusal;
    const isSaved = url.startsWith(SAVED_AT) && typeof answer === "object" && answer.status === 200;
    if (isSaved) {
      const { object, whole } = resourcesOf(pathname);
      for (const id of whole) this.witness.mayHave(id);
      return object;
    }
    // Somebody may have removed the account at Google.
    if (!/has expired|Permission denied/.test(refusal ?? ""))
      violate("a link leads to Google, which saves its pass", `${refusal}`);
    return undefined;
  }

  #callOf(url: string, init: RequestInit, invocation: Invocation | undefined): Call {
    const { faults, random } = this.#parts;
    const { method = "GET" } = init;
    const { pathname } = new URL(url);
    const body = typeof init.body === "string" ? init.body : "";
    const headers = Object.fromEntries(new Headers(init.headers));
    const [, , , collection = "token", given] = pathname.split("/");
    const id = /(Class|Object)$/.test(collection) ? (given ?? String(JSON.parse(body).id)) : undefined;
    return {
      label: `google ${method} ${collection} ${id?.split("-").slice(1).join("-") ?? ""}`,
      request: { method, target: pathname, headers, body },
      id,
      invocation,
      accident: faults.accident(0.12) ? random.weighted(BAD_DAYS) : undefined,
      hasArrived: false,
      isAbandoned: false,
    };
  }

  /** A change can only come between a call and its answer if the answer takes longer than the queue. */
  async #takeTime({ id, invocation }: Call): Promise<void> {
    const { schedule, random, changeMeanwhile } = this.#parts;
    const isOfClick = invocation !== undefined && invocation.caller !== SYNC;
    if (id === undefined || !isOfClick || !random.chance(SLOW_CLICKS)) return;
    changeMeanwhile(id);
    await schedule.sleep(random.between(...SLOW_MS), "Google answers");
  }

  /** @returns undefined if there is no answer until the caller gives up */
  async #arrive(call: Call): Promise<WireAnswer | undefined> {
    const { random } = this.#parts;
    call.hasArrived = true;
    switch (call.accident) {
      case "no answer":
        if (random.chance(0.5)) await this.#carryOut(call);
        return undefined;
      case "429":
        return refusal(429, "rateLimitExceeded");
      case "429 for 40 s":
        return refusal(429, "rateLimitExceeded", { "retry-after": "40" });
      case "500 after the effect":
        await this.#carryOut(call);
        this.witness.lost(call.id);
        return refusal(500, "backendError");
      case "503":
        return refusal(503, "backendError");
      case "a page of a proxy":
        return htmlAnswer("<title>Bad gateway</title>", 502);
      case "the token has ended":
        for (const email of this.standIn.accounts.serviceAccounts.keys()) this.standIn.tokens.expire(email);
        return this.#carryOut(call);
      case "the account is not invited":
        this.#uninvite();
        return this.#carryOut(call);
      case "a slow answer":
      case undefined:
        return this.#carryOut(call);
    }
  }

  async #carryOut({ request, id, isAbandoned }: Call): Promise<WireAnswer> {
    const { schedule } = this.#parts;
    const before = this.#stored(id);
    const answer = await schedule.awaitElsewhere(this.standIn.answer(request));
    if (typeof answer === "string") throw new Error("the stand-in has no faults here");
    // The account is not invited, or Google has refused two tokens one after the other.
    if (answer.status === 403 || answer.status === 401) this.#refusedAt = schedule.now;
    if (id !== undefined) {
      schedule.note(`Google answers ${answer.status}`);
      this.witness.saw({
        id,
        request,
        status: answer.status,
        before,
        after: this.#stored(id),
        isLate: isAbandoned,
      });
    }
    return answer;
  }

  /** The class or object of this id. */
  #stored(id = "") {
    return this.standIn.store.find("Object", id) ?? this.standIn.store.find("Class", id);
  }

  /** It was given up: it may have arrived already, arrives later, or never. */
  #abandon(call: Call): void {
    const { schedule, random } = this.#parts;
    call.isAbandoned = true;
    this.witness.lost(call.id);
    if (call.hasArrived || random.chance(0.5)) {
      this.#underWay.delete(call);
      return;
    }
    schedule.at(schedule.now + random.int(LATEST_MS), `late ${call.label}`, async () => {
      await this.#carryOut(call);
      this.#underWay.delete(call);
      return undefined;
    });
  }

  /** Somebody removes the service account in Google's console, and notices it some minutes later. */
  #uninvite(): void {
    const { schedule, random } = this.#parts;
    if (this.#trouble !== undefined) return;
    this.#trouble = "the account is not invited";
    for (const { issuerId, invited } of this.standIn.accounts.issuers.values()) {
      const emails = [...invited];
      for (const email of emails) this.standIn.accounts.uninvite(issuerId, email);
      schedule.at(schedule.now + random.int(LONGEST_UNINVITED_MS), "the account is invited again", () => {
        for (const email of emails) this.standIn.accounts.invite(issuerId, email);
        this.#trouble = undefined;
        return undefined;
      });
    }
  }
}

function refusal(status: number, reason: string, headers: Readonly<Record<string, string>> = {}): WireAnswer {
  return jsonAnswer(errorBody(status, "Not now.", reason), status, headers);
}

/** The id of the object that the JWT of a link names, and the ids of what it has as a whole. */
function resourcesOf(pathname: string): { object: string | undefined; whole: string[] } {
  const [, claims = ""] = (pathname.split("/").at(-1) ?? "").split(".");
  const { payload } = JSON.parse(Buffer.from(claims, "base64url").toString());
  const lists = Object.entries<{ id: string; classId?: string }[]>(payload);
  const whole = lists
    .flatMap(([, resources]) => resources)
    .filter((resource) => Object.keys(resource).length > 2);
  return {
    object: lists.find(([name]) => name.endsWith("Objects"))?.[1][0]?.id,
    whole: whole.map(({ id }) => id),
  };
}
