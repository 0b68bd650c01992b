/**
 * Wallets other than Apple's that use the same web service. Each is a set of facts for one small client, which sends
 * the requests that the wallet really sends and judges the responses as the wallet does. It stores no state, checks no
 * signatures (those wallets do not, or only against Apple's own root), and is stricter than some of them: it repairs no
 * broken JSON and follows no redirects.
 *
 * Follows the open sources (2025, 2026) of FossWallet, PassAndroid, KDE's kpkpass, GNOME's Passes and the Dart package
 * passkit, and the developer pages of WalletPasses, WalletUnion and Pass2U.
 */
import { unzipSync } from "fflate";
import { hex, readJsonObject } from "./iphone-invalid-pass.ts";
import { fieldsOf } from "./iphone-pass-json.ts";
import { randomHex } from "./iphone-state.ts";
import { parseStrings } from "./iphone-strings.ts";
import { parseWhatChanged } from "./iphone-tasks.ts";
import type { Fetch } from "./iphone-wire.ts";

type Pass = Record<string, unknown>;

export interface WalletProfile {
  name: string;
  scheme: "ApplePass" | "AndroidPass" | "WalletUnionPass";
  /** Headers in addition to Authorization and Content-Type. */
  headers: Record<string, string>;
  /** It keeps a trailing slash of webServiceURL, so the path begins with `//v1`. */
  joinsWithDoubleSlash: boolean;
  registers: boolean;
  sendsIfModifiedSince: boolean;
  /** Statuses whose body it opens as a bundle; "any" if it ignores the status. */
  bundleStatuses: number[] | "2xx" | "any";
  /** Statuses that mean "nothing new". */
  notModifiedStatuses: number[];
  /** The Content-Type of its JSON, and whether its log is Apple's `{"logs": […]}` or only the array. */
  jsonContentType: string;
  logBody: "object" | "array";
  /** How it decodes pass.strings: by the byte order mark, or by the first byte. */
  strings: "byByteOrderMark" | "byFirstByte";
  /** Checks for things without which it does not open a pass; each throws. */
  demands: ((pass: Pass) => unknown)[];
  /** It only uses the files that manifest.json lists. */
  readsOnlyManifest: boolean;
}

const READER: WalletProfile = {
  name: "",
  scheme: "ApplePass",
  headers: {},
  joinsWithDoubleSlash: true,
  registers: false,
  sendsIfModifiedSince: false,
  bundleStatuses: [200],
  notModifiedStatuses: [],
  jsonContentType: "application/json",
  logBody: "object",
  strings: "byByteOrderMark",
  demands: [],
  readsOnlyManifest: false,
};

/** Wallets that support Apple's whole protocol, according to Apple's own pages. */
const REGISTRANT: WalletProfile = {
  ...READER,
  joinsWithDoubleSlash: false,
  registers: true,
  sendsIfModifiedSince: true,
  notModifiedStatuses: [304],
};

export const WALLETS = {
  fossWallet: {
    ...READER,
    name: "FossWallet",
    headers: { "User-Agent": "okhttp/4.12.0" },
    joinsWithDoubleSlash: false,
    bundleStatuses: "2xx",
    notModifiedStatuses: [304],
    demands: [
      demandVersion1,
      (pass) => ["description", "organizationName", "serialNumber"].map((key) => text(pass, key)),
    ],
  },
  passAndroid: {
    ...READER,
    name: "PassAndroid",
    headers: { "User-Agent": "okhttp/3.14.9" },
    bundleStatuses: "any",
  },
  kdeItinerary: {
    ...READER,
    name: "KDE Itinerary",
    headers: { "User-Agent": "Mozilla/5.0" },
    strings: "byFirstByte",
    demands: [demandVersion1, (pass) => text(pass, "authenticationToken")],
  },
  gnomePasses: {
    ...READER,
    name: "GNOME Passes",
    headers: { "Accept-Encoding": "identity" },
    notModifiedStatuses: [204, 304],
    demands: [fieldsOf],
    readsOnlyManifest: true,
  },
  dartPasskit: {
    ...REGISTRANT,
    name: "passkit (Dart)",
    headers: { "User-Agent": "Dart/3.5 (dart:io)" },
    joinsWithDoubleSlash: true,
    jsonContentType: "text/plain; charset=utf-8",
    logBody: "array",
  },
  walletPasses: {
    ...REGISTRANT,
    name: "WalletPasses",
    scheme: "AndroidPass",
    headers: { "User-Agent": "WalletPasses/2.4 (Linux; U; Android 14; en-us)" },
  },
  walletUnion: {
    ...REGISTRANT,
    name: "WalletUnion",
    scheme: "WalletUnionPass",
    headers: { "User-Agent": "WalletUnion/1.0 Passbook/1.0 (Linux)", "Accept-Language": "en-us" },
  },
  pass2u: {
    ...REGISTRANT,
    name: "Pass2U",
    headers: { "User-Agent": "okhttp/4.9.0", "X-Pass-Client": "Passes" },
  },
} as const satisfies Record<string, WalletProfile>;

export interface OpenedPass {
  /** pass.json, parsed. */
  pass: Pass;
  /** Translations by language, as this wallet decodes them. */
  strings: Record<string, Record<string, string>>;
}

type Failed = { kind: "failed"; reason: string };
export type FetchOutcome =
  | ({ kind: "pass"; lastModified: string | undefined } & OpenedPass)
  | { kind: "notModified" }
  | Failed;
export type ListOutcome =
  | { kind: "listed"; serialNumbers: string[]; lastUpdated: string | undefined }
  | { kind: "nothingNew" }
  | Failed;
export type CallOutcome = { kind: "done"; status: number } | Failed;

/** One installation of a wallet. Every function takes the pass.json that the wallet has. */
export class Wallet {
  readonly profile: WalletProfile;
  readonly deviceLibraryIdentifier = randomHex(16);
  /** Not hex: Android's tokens contain `_`, `-` and `:`, and are longer than Apple's. */
  readonly pushToken = `APA91b${randomHex(24)}_${randomHex(24)}-${randomHex(20)}`;
  readonly #fetch: Fetch;

  constructor(profile: WalletProfile, { fetch }: { fetch: Fetch }) {
    this.profile = profile;
    this.#fetch = fetch;
  }

  /** Opens a bundle that was downloaded or fetched. Throws for a fault that this wallet does not tolerate. */
  open(bundle: Uint8Array): OpenedPass {
    const { strings: decoding, demands, readsOnlyManifest } = this.profile;
    const all = unzipSync(bundle);
    const seen = readsOnlyManifest ? readJsonObject(fileOf(all, "manifest.json"), "manifest.json") : all;
    const files = Object.fromEntries(Object.keys(seen).map((path) => [path, fileOf(all, path)]));
    const pass = readJsonObject(fileOf(files, "pass.json"), "pass.json");
    for (const demand of demands) demand(pass);
    const strings: OpenedPass["strings"] = {};
    for (const [path, content] of Object.entries(files)) {
      const language = /^([^/]+)\.lproj\/pass\.strings$/.exec(path)?.[1];
      if (language !== undefined) strings[language] = readStrings(content, decoding, path);
    }
    return { pass, strings };
  }

  /** GET of the pass. `lastModified` is sent only if the wallet stores it. */
  async fetchPass(pass: Pass, lastModified?: string): Promise<FetchOutcome> {
    const { bundleStatuses, notModifiedStatuses, sendsIfModifiedSince } = this.profile;
    const headers = { ...this.#authorization(pass) };
    if (sendsIfModifiedSince && lastModified !== undefined) headers["If-Modified-Since"] = lastModified;
    const path = `passes/${text(pass, "passTypeIdentifier")}/${text(pass, "serialNumber")}`;
    const response = await this.#send(pass, "GET", path, headers);
    const body = new Uint8Array(await response.arrayBuffer());
    const { status } = response;
    if (notModifiedStatuses.includes(status)) return { kind: "notModified" };
    const isTaken =
      bundleStatuses === "any" || (bundleStatuses === "2xx" ? response.ok : bundleStatuses.includes(status));
    if (!isTaken) return { kind: "failed", reason: `status ${status}` };
    try {
      const received = response.headers.get("Last-Modified") ?? undefined;
      return { kind: "pass", lastModified: received, ...this.open(body) };
    } catch (error) {
      return { kind: "failed", reason: `status ${status}, ${String(error)}` };
    }
  }

  register(pass: Pass): Promise<CallOutcome> {
    return this.#call(pass, "POST", this.#registration(pass), this.#authorization(pass), [200, 201], {
      pushToken: this.pushToken,
    });
  }

  /** Requests which passes of this type changed after `tag`. Like Apple's, no wallet sends Authorization here. */
  async list(pass: Pass, tag?: string): Promise<ListOutcome> {
    const query = tag === undefined ? "" : `?passesUpdatedSince=${encodeURIComponent(tag)}`;
    const response = await this.#send(pass, "GET", `${this.#registrations(pass)}${query}`, {});
    const body = new Uint8Array(await response.arrayBuffer());
    if (response.status === 204) return { kind: "nothingNew" };
    if (response.status !== 200) return { kind: "failed", reason: `status ${response.status}` };
    const list = parseWhatChanged(body);
    return "kind" in list ? list : { kind: "listed", ...list };
  }

  unregister(pass: Pass): Promise<CallOutcome> {
    return this.#call(pass, "DELETE", this.#registration(pass), this.#authorization(pass), [200]);
  }

  log(pass: Pass, lines: string[]): Promise<CallOutcome> {
    const json = this.profile.logBody === "array" ? lines : { logs: lines };
    return this.#call(pass, "POST", "log", {}, [200], json);
  }

  async #call(
    pass: Pass,
    method: string,
    path: string,
    headers: Record<string, string>,
    success: number[],
    json?: unknown,
  ): Promise<CallOutcome> {
    const response = await this.#send(pass, method, path, headers, json);
    await response.body?.cancel();
    const { status } = response;
    return success.includes(status)
      ? { kind: "done", status }
      : { kind: "failed", reason: `status ${status}` };
  }

  #send(
    pass: Pass,
    method: string,
    path: string,
    headers: Record<string, string>,
    json?: unknown,
  ): Promise<Response> {
    const webServiceURL = text(pass, "webServiceURL");
    const base = this.profile.joinsWithDoubleSlash ? webServiceURL : webServiceURL.replace(/\/$/, "");
    const all = new Headers({ ...this.profile.headers, ...headers });
    if (json !== undefined) all.set("Content-Type", this.profile.jsonContentType);
    const body = json === undefined ? null : JSON.stringify(json);
    return this.#fetch(new Request(`${base}/v1/${path}`, { method, headers: all, body, redirect: "manual" }));
  }

  #registrations(pass: Pass): string {
    if (!this.profile.registers) throw new Error(`${this.profile.name} does not register`);
    return `devices/${this.deviceLibraryIdentifier}/registrations/${text(pass, "passTypeIdentifier")}`;
  }

  #registration(pass: Pass): string {
    return `${this.#registrations(pass)}/${text(pass, "serialNumber")}`;
  }

  #authorization(pass: Pass): Record<string, string> {
    return { Authorization: `${this.profile.scheme} ${text(pass, "authenticationToken")}` };
  }
}

function text(pass: Pass, key: string): string {
  const value = pass[key];
  if (typeof value !== "string" || value === "") throw new Error(`pass.json has no ${key}`);
  return value;
}

function fileOf(files: Record<string, Uint8Array>, path: string): Uint8Array {
  const file = files[path];
  if (!file) throw new Error(`${path} is missing`);
  return file;
}

function demandVersion1(pass: Pass): void {
  if (pass.formatVersion !== 1) throw new Error("formatVersion is not 1");
}

/** KDE guesses: UTF-8 if the file has the mark or begins with punctuation or a line break, else UTF-16BE. */
function readStrings(
  bytes: Uint8Array,
  decoding: WalletProfile["strings"],
  path: string,
): Record<string, string> {
  const mark = hex(bytes.subarray(0, 2));
  const markedCharset = mark === "fffe" ? "utf-16le" : mark === "feff" ? "utf-16be" : "utf-8";
  const looksLikeUtf8 =
    mark.startsWith("ef") || /^[\n!-/:-@[-`{-~]/.test(String.fromCharCode(bytes[0] ?? 10));
  const guessedCharset = looksLikeUtf8 ? "utf-8" : "utf-16be";
  const charset = decoding === "byByteOrderMark" ? markedCharset : guessedCharset;
  return parseStrings(new TextEncoder().encode(new TextDecoder(charset).decode(bytes)), path);
}
