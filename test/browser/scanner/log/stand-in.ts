/**
 * What the sender meets in tests: a clock that only the test moves, and a server that counts scans as Edgepass does
 * (src/scans/scan.ts), behind a network that fails in each way that a gate knows.
 */
import { IDBFactory } from "fake-indexeddb";
import { createApi } from "../../../../src/browser/scanner/api.ts";
import { openScanLog, type ScanLog } from "../../../../src/browser/scanner/log/scan-log.ts";
import { createSender, type SenderParts } from "../../../../src/browser/scanner/log/sender.ts";
import { parseJson, writeJson } from "../../../../src/json.ts";

/** Waits for what needs no clock: IndexedDB and promises. */
export async function until<T>(
  look: () => T | undefined | false | Promise<T | undefined | false>,
): Promise<T> {
  for (let turn = 0; turn < 10_000; turn++) {
    const found = await look();
    if (found !== undefined && found !== false) return found;
    await new Promise((resolve) => setImmediate(resolve));
  }
  throw new Error("nothing came of it");
}

export class TestClock {
  time = Date.parse("2026-06-30T20:00:00Z");
  #timers = new Set<{ at: number; callback: () => void }>();
  now = () => this.time;
  after = (ms: number, callback: () => void) => {
    const timer = { at: this.time + ms, callback };
    this.#timers.add(timer);
    return () => void this.#timers.delete(timer);
  };
  /** The time until the next timer. */
  get pause(): number | undefined {
    const times = [...this.#timers].map(({ at }) => at - this.time);
    return times.length === 0 ? undefined : Math.min(...times);
  }
  advance(ms: number) {
    this.time += ms;
    for (const timer of this.#timers) {
      if (timer.at > this.time) continue;
      this.#timers.delete(timer);
      timer.callback();
    }
  }
}

interface Sent {
  scanId: string;
  code: string;
  at?: string;
  place?: string;
}
interface Stored extends Sent {
  actor: string;
  outcome: string;
  undoneAt: string | null;
}

/** up; down: no connection; lost: processed, but the answer is lost; held: processed, and the answer comes when the test says. */
type Network = "up" | "down" | "lost" | "held" | Response;

export class StandInServer {
  network: Network = "up";
  readonly requests: Sent[][] = [];
  readonly stored = new Map<string, Stored>();
  readonly revoked = new Set<string>();
  /** The codes of voided passes. */
  readonly voided = new Set<string>();
  /** Codes that it refuses the whole request for. */
  readonly refusedCodes = new Set<string>();
  /** The most scans that it takes in one request. */
  limit = 50;
  /** Its clock. */
  time: () => number;
  /** The answers that are held. */
  held: (() => void)[] = [];

  constructor(time: () => number) {
    this.time = time;
  }

  release() {
    for (const release of this.held.splice(0)) release();
  }

  api = (key: string) => createApi(key, { fetch: (url, init) => this.#fetch(url, init) });

  /** The scans that let somebody in. */
  admitted = () =>
    [...this.stored.values()].filter(({ outcome, undoneAt }) => outcome === "redeemed" && undoneAt === null);

  async #fetch(url: string, init: RequestInit): Promise<Response> {
    const { network } = this;
    if (network === "down") throw new TypeError("Failed to fetch");
    if (network instanceof Response) return network.clone();
    const key = new Headers(init.headers).get("Authorization") ?? "";
    const response = this.#answer(url, key, init.body);
    if (network === "lost") throw new TypeError("Failed to fetch");
    if (network === "held") await new Promise<void>((resolve) => this.held.push(resolve));
    return response;
  }

  #answer(url: string, actor: string, body: unknown): Response {
    if (this.revoked.has(actor.replace("Bearer ", ""))) return this.#problem(401, "key_revoked");
    const [, undone] = /\/scans\/(.+)\/undo$/.exec(url) ?? [];
    if (undone !== undefined) return this.#undo(undone, actor);
    const { scans } = parseJson(String(body)) as { scans: Sent[] };
    this.requests.push(scans);
    if (scans.length > this.limit) return this.#problem(413, "body_too_large");
    if (scans.some(({ code }) => this.refusedCodes.has(code))) return this.#problem(400, "invalid_body");
    const time = (scan: Sent) =>
      Math.min(this.time(), scan.at === undefined ? this.time() : Date.parse(scan.at));
    for (const scan of scans.toSorted((a, b) => time(a) - time(b))) this.#process(scan, actor, time(scan));
    return this.#json(200, { results: scans.map(({ scanId }) => this.#result(scanId, actor)) });
  }

  #process(scan: Sent, actor: string, time: number) {
    if (this.stored.has(scan.scanId)) return;
    const isRedeemed = this.admitted().some(({ code }) => code === scan.code);
    const active = this.voided.has(scan.code) ? "voided" : "redeemed";
    const outcome = isRedeemed ? "already_redeemed" : active;
    const at = new Date(time).toISOString();
    this.stored.set(scan.scanId, { ...scan, at, actor, outcome, undoneAt: null });
  }

  #result(scanId: string, actor: string) {
    const stored = this.stored.get(scanId);
    const outcome = stored?.actor === actor ? stored.outcome : "scan_id_reused";
    return { scanId, outcome, at: stored?.at, undoneAt: stored?.undoneAt ?? null, pass: null };
  }

  #undo(scanId: string, actor: string): Response {
    const stored = this.stored.get(scanId);
    if (stored === undefined) return this.#problem(404, "scan_not_found");
    if (stored.actor !== actor) return this.#problem(409, "scan_by_another_key");
    if (stored.outcome !== "redeemed") return this.#problem(409, "nothing_to_undo");
    stored.undoneAt ??= new Date(this.time()).toISOString();
    return this.#json(200, this.#result(scanId, actor));
  }

  #json(status: number, body: object, type = "application/json"): Response {
    const headers = { "Content-Type": type, Date: new Date(this.time()).toUTCString() };
    return new Response(writeJson(body), { status, headers });
  }
  #problem = (status: number, code: string) =>
    this.#json(status, { code, detail: `It is ${code}.` }, "application/problem+json");
}

export interface Phone {
  readonly log: ScanLog;
  readonly sender: ReturnType<typeof createSender>;
  /** Starts the page again, as after a battery that died: only what is on the disk is left. */
  restart(parts?: Partial<SenderParts>): Promise<Phone>;
  /** Another tab. */
  tab(parts?: Partial<SenderParts>): Promise<Phone>;
  scan(code: string): ReturnType<Phone["sender"]["check"]>;
}

export const KEY = "epkey_1_1_a";

/** A phone that is signed in. */
export async function phoneOf(
  server: StandInServer,
  clock: TestClock,
  parts: Partial<SenderParts> = {},
  factory = new IDBFactory(),
): Promise<Phone> {
  const opened = await openScanLog({ factory: () => factory, persist: async () => true });
  if (opened.kind !== "open") throw new Error(opened.detail);
  const sender = createSender({
    log: opened.log,
    now: clock.now,
    after: clock.after,
    random: () => 1,
    newScanId: () => crypto.randomUUID(),
    isOffline: () => server.network === "down",
    inOneTab: (work) => work(),
    ...parts,
  });
  sender.useApi(server.api(KEY));
  await sender.flush();
  const another = (changed: Partial<SenderParts> = {}) =>
    phoneOf(server, clock, { ...parts, ...changed }, factory);
  return {
    log: opened.log,
    sender,
    restart(changed) {
      sender.stop();
      sender.useApi(undefined);
      return another(changed);
    },
    tab: another,
    scan: (code) => sender.check({ code, place: "Gate 2", reward: false }),
  };
}
