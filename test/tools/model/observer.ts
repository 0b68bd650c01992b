/**
 * Checks rules for every single response when it leaves the Worker: versions only increase, an ETag identifies one
 * content, only the holder of its token gets a pass, a list contains changed passes among those that the device
 * registered. It also checks responses that are lost on the way. Follows Apple's "Adding a web service to update
 * passes" and RFC 9110 §8.8, §13.1.
 */
import { createHash } from "node:crypto";
import { unzipSync } from "fflate";
import type { Exchange } from "./exchange.ts";
import type { Google } from "./google.ts";
import type { Lists, Registered } from "./lists.ts";
import type { World } from "./world.ts";

interface Version {
  readonly tag: number;
  readonly etag: string;
  readonly lastModifiedAt: number;
  /** Undefined if all responses so far were 304. */
  manifestHash: string | undefined;
}

/** The observed state of one pass. */
interface Seen {
  readonly versions: Map<string, Version>;
  newest: Version | undefined;
}

/** The state when a request arrived. */
interface Mark {
  /** The newest observed version of each pass. */
  readonly floor: ReadonlyMap<PassName, Version>;
  /** For a list: the passes that the device had registered. */
  readonly registered: Registered | undefined;
}

/** The pass of the request, as `passTypeIdentifier serialNumber`. */
type PassName = string;

/** Who may open which pass, which only the admins know. */
export interface Ledger {
  /** By the path of a download link: its pass. */
  readonly links: Map<string, PassName>;
  /** By id. */
  readonly names: Map<number, PassName>;
  /** The authenticationToken of each pass, after it was observed. */
  readonly tokens: Map<PassName, string>;
}

const FETCH = /^(?:\/api)?\/v1\/passes\/([^/]+)\/([^/]+)$/;
const DOWNLOAD = /^\/admin\/v1\/passes\/(\d+)\/download$/;
const RESOURCE = /^\/admin\/v1\/(passes|templates)\/\d+$/;
const LIST = /^(?:\/api)?\/v1\/devices\/([^/]+)\/registrations\/([^/]+)$/;
const REGISTRATION = /^(?:\/api)?\/v1\/devices\/([^/]+)\/registrations\/([^/]+)\/([^/]+)$/;
/**
 * Requests whose writes the service does not repeat. The model's redemptions may have no redemptionId, and phones repeat
 * their requests to unregister themselves.
 */
const NOT_REPEATED = /^POST \S+\/(un)?redeem$|^DELETE (\/api)?\/v1\/devices\//;
/** The header of a request with an addition, which is not repeated. The Worker does not know it. */
export const ADDS = "x-adds";
const PKPASS = "application/vnd.apple.pkpass";

export class Observer {
  readonly #world: World;
  readonly #ledger: Ledger;
  readonly #lists: Lists;
  readonly #google: Pick<Google, "hasRefusedLately">;
  readonly #passes = new Map<PassName, Seen>();
  /** By `device pass-type`: every serial number that the device ever registered. */
  readonly #registered = new Map<string, Set<string>>();

  constructor(world: World, ledger: Ledger, lists: Lists, google: Pick<Google, "hasRefusedLately">) {
    this.#world = world;
    this.#ledger = ledger;
    this.#lists = lists;
    this.#google = google;
    world.observer = { mark: (request) => this.#mark(request), saw: (exchange) => this.#saw(exchange) };
  }

  /** Whether two versions of the pass had the same content. */
  cameBack(name: PassName): boolean {
    const hashes = [...(this.#passes.get(name)?.versions.values() ?? [])].map(
      (version) => version.manifestHash,
    );
    const known = hashes.filter((hash) => hash !== undefined);
    return new Set(known).size < known.length;
  }

  #mark(request: Request): Mark {
    this.#noteRegistration(request);
    const floor = new Map<PassName, Version>();
    for (const [name, { newest }] of this.#passes) if (newest !== undefined) floor.set(name, newest);
    const [, device, passType] = LIST.exec(new URL(request.url).pathname) ?? [];
    const isList = device !== undefined && passType !== undefined;
    return { floor, registered: isList ? this.#lists.registered(device, passType) : undefined };
  }

  #saw(exchange: Exchange): void {
    const { request, response, struck, mayFail, onlyD1 } = exchange;
    const path = new URL(request.url).pathname;
    const what = `${request.method} ${path}`;
    // Another request has the turn for longer than usual, because a service is slow in this run.
    if (response.status === 503 && this.#world.faults.weather !== "calm" && hasCode(exchange.body, "busy"))
      return;
    // What Google has refused is refused again, without a call.
    if (this.#google.hasRefusedLately && hasCode(exchange.body, "google_unavailable")) return;
    if (response.status >= 500 && struck.length === 0)
      this.#world.violate("no answer 5xx that no fault explains", `${what} ${response.status}`);
    if (response.status === 429) this.#checkLimited(request, path);
    const isRepeated = !NOT_REPEATED.test(what) && !request.headers.has(ADDS);
    if (response.status >= 500 && !mayFail && isRepeated)
      this.#world.violate(
        "a transient error of D1 is borne",
        `${what} ${response.status} ${struck.join(", ")}`,
      );
    if (response.status >= 500 && onlyD1 && struck.length > 0 && !response.headers.has("retry-after"))
      this.#world.violate("an error of D1 is answered with Retry-After", `${what} ${response.status}`);
    if (RESOURCE.test(path)) return; // its ETag is a revision
    if (request.method === "GET" && response.headers.has("etag")) this.#sawPass(exchange, path);
    else if (response.headers.get("content-type") === PKPASS) this.#world.violate("a pass has an ETag", what);
    const list = LIST.exec(path);
    if (list !== null && request.method === "GET" && response.status < 300) this.#sawList(exchange, list);
  }

  /** Only guesses may be limited: links that do not exist, and questions without the pass's token. */
  #checkLimited(request: Request, path: string): void {
    const name = this.#nameOf(path);
    const token = name === undefined ? undefined : this.#ledger.tokens.get(name);
    const isLink = this.#ledger.links.get(path) !== undefined;
    const hasToken = token !== undefined && request.headers.get("authorization") === `ApplePass ${token}`;
    if (isLink || hasToken || path.startsWith("/v1/") || path.includes("/devices/"))
      this.#world.violate("nobody with a right is limited", `${request.method} ${path}`);
  }

  /** Also checks responses that are lost, because they may have been a success. */
  #noteRegistration(request: Request): void {
    const [, device, passType, serialNumber] = REGISTRATION.exec(new URL(request.url).pathname) ?? [];
    if (serialNumber === undefined || request.method !== "POST") return;
    const token = this.#ledger.tokens.get(`${passType} ${serialNumber}`);
    if (request.headers.get("authorization") !== `ApplePass ${token}`) return;
    const place = `${device} ${passType}`;
    this.#registered.set(place, (this.#registered.get(place) ?? new Set()).add(serialNumber));
  }

  #sawPass(exchange: Exchange, path: string): void {
    const { request, response } = exchange;
    const name = this.#nameOf(path);
    const etag = response.headers.get("etag") ?? "";
    const tag = Number(/^"(\d+)-[0-9a-f]{16}"$/.exec(etag)?.[1]);
    const lastModifiedAt = Date.parse(response.headers.get("last-modified") ?? "");
    if (name === undefined || Number.isNaN(tag + lastModifiedAt)) {
      this.#world.violate("a pass is answered with its version", `${path} ${etag}`);
      return;
    }
    const seen = this.#passes.get(name) ?? { versions: new Map<string, Version>(), newest: undefined };
    this.#passes.set(name, seen);
    const opened = response.status === 200 ? this.#open(exchange, name) : undefined;
    const version = seen.versions.get(etag) ?? { tag, etag, lastModifiedAt, manifestHash: undefined };
    seen.versions.set(etag, version);
    this.#compare(name, seen, version, lastModifiedAt, opened);
    const floor = (exchange.mark as Mark).floor.get(name);
    if (floor !== undefined && tag < floor.tag)
      this.#world.violate(
        "a version once seen is never followed by an older one",
        `${name} ${etag} after ${floor.etag}`,
      );
    if (response.status === 304) this.#checkNotModified(request, name, seen, version);
    if (seen.newest === undefined || tag > seen.newest.tag) seen.newest = version;
  }

  /** Tag, Last-Modified and content increase together. */
  #compare(
    name: PassName,
    seen: Seen,
    version: Version,
    lastModifiedAt: number,
    manifestHash: string | undefined,
  ) {
    if (version.lastModifiedAt !== lastModifiedAt)
      this.#world.violate("a version has one Last-Modified", `${name} ${version.etag}`);
    if (manifestHash !== undefined) {
      version.manifestHash ??= manifestHash;
      if (version.manifestHash !== manifestHash)
        this.#world.violate("a version is one content, kept or built", `${name} ${version.etag}`);
    }
    for (const other of seen.versions.values()) {
      if (Math.sign(other.tag - version.tag) === Math.sign(other.lastModifiedAt - lastModifiedAt)) continue;
      const both = `${name} ${other.etag} ${other.lastModifiedAt}, ${version.etag} ${lastModifiedAt}`;
      this.#world.violate("Last-Modified rises with the tag", both);
    }
  }

  /** Only a version that the client already has may be answered with 304. */
  #checkNotModified(request: Request, name: PassName, seen: Seen, version: Version): void {
    const held = request.headers.get("if-none-match");
    const since = Date.parse(request.headers.get("if-modified-since") ?? "");
    const holds =
      held === null
        ? [...seen.versions.values()].some(
            ({ etag, lastModifiedAt }) => etag === version.etag && lastModifiedAt === since,
          )
        : held === version.etag;
    if (!holds) this.#world.violate("304 is said to who holds that version", `${name} ${version.etag}`);
  }

  /** @returns the hash of the manifest */
  #open({ request, body }: Exchange, name: PassName): string {
    const files = unzipSync(body, {
      filter: ({ name: file }) => file === "pass.json" || file === "manifest.json",
    });
    const pass: Record<string, unknown> = JSON.parse(Buffer.from(files["pass.json"] ?? []).toString());
    const token = String(pass.authenticationToken);
    if (`${pass.passTypeIdentifier} ${pass.serialNumber}` !== name)
      this.#world.violate("the pass served is the one that was asked for", name);
    this.#ledger.tokens.set(name, token);
    const path = new URL(request.url).pathname;
    const isOpen =
      this.#ledger.links.get(path) === name ||
      [`ApplePass ${token}`, `Bearer ${ADMIN_TOKEN}`].includes(request.headers.get("authorization") ?? "");
    if (!isOpen)
      this.#world.violate("nobody is served a pass without its token", `${request.method} ${path}`);
    return createHash("sha1")
      .update(files["manifest.json"] ?? "")
      .digest("hex");
  }

  #nameOf(path: string): PassName | undefined {
    const [, passType, serialNumber] = FETCH.exec(path) ?? [];
    if (serialNumber !== undefined) return `${passType} ${serialNumber}`;
    const [, id] = DOWNLOAD.exec(path) ?? [];
    return id === undefined ? this.#ledger.links.get(path) : this.#ledger.names.get(Number(id));
  }

  #sawList(
    { request, response, body, mark }: Exchange,
    [, device = "", passType = ""]: RegExpExecArray,
  ): void {
    const { serialNumbers, lastUpdated }: { serialNumbers: string[]; lastUpdated: string } =
      response.status === 204
        ? { serialNumbers: [], lastUpdated: "0" }
        : JSON.parse(Buffer.from(body).toString());
    const known = this.#registered.get(`${device} ${passType}`);
    const foreign = serialNumbers.filter((serialNumber) => known?.has(serialNumber) !== true);
    if (foreign.length > 0)
      this.#world.violate("a list names only what the device registered", `${device} ${foreign.join(" ")}`);
    const sent = new URL(request.url).searchParams.get("passesUpdatedSince") ?? "0";
    if (response.status === 200 && !(Number(lastUpdated) > Number(sent)))
      this.#world.violate("lastUpdated is newer than the tag that was sent", `${sent} → ${lastUpdated}`);
    const { registered } = mark as Mark;
    if (registered === undefined) return;
    const tags = { sent: Number(sent), lastUpdated: Number(lastUpdated) };
    const now = this.#lists.registered(device, passType);
    for (const complaint of this.#lists.complaints(serialNumbers, tags, registered, now))
      this.#world.violate("a list leaves out nothing up to the tag that it gives", complaint);
  }
}

/** Whether the body is a problem with this code (RFC 9457). */
function hasCode(body: Uint8Array, code: string): boolean {
  return Buffer.from(body).includes(`"code":"${code}"`);
}

export const ADMIN_TOKEN = "admin-token-of-the-model";
