/**
 * What a simulated iPhone remembers and reports: installed passes, rows of web services, and what happened on
 * an occasion. Types and pure functions; the calls are made elsewhere.
 */
import { hex } from "./iphone-invalid-pass.ts";
import { fieldsOf } from "./iphone-pass-json.ts";
import type { CheckedPass } from "./pkpass.ts";

/** A pass in Wallet. The object lives as long as the pass stays installed; an update changes it in place. */
export interface InstalledPass extends CheckedPass {
  readonly passTypeIdentifier: string;
  readonly serialNumber: string;
  /**
   * Verbatim from the last full answer; undefined after it was added, until the web service has sent it once.
   */
  lastModified: string | undefined;
  automaticUpdates: boolean;
  /** When it was added or last got another manifest. */
  changedAt: number;
  /** The notifications that its updates have put on the lock screen, oldest first. */
  changes: string[];
}

/** One row per pass type and webServiceURL: that, not the phone, is what a deviceLibraryIdentifier names. */
export interface WebService {
  readonly passTypeIdentifier: string;
  readonly webServiceURL: string;
  readonly deviceLibraryIdentifier: string;
  /** The last lastUpdated, verbatim, and when it was stored. */
  tag: string | undefined;
  tagAt: number;
  /** Lines that wait to be posted, and how often posting them has failed. */
  lines: string[];
  failedPosts: number;
}

/** What an occasion led to. Serial numbers, except where said. */
export interface WhatHappened {
  /** 201 for a new registration, 200 for one that the server had. */
  registered: { serialNumber: string; status: number }[];
  unregistered: string[];
  /** Signed up with: the answer was taken. */
  personalized: string[];
  /** As the server listed them, installed or not. */
  listed: string[];
  /** Passes that got new contents, with the texts shown on the lock screen. */
  updated: { serialNumber: string; notifications: string[] }[];
  /** Answered 200 with the manifest that was installed already. */
  unchanged: string[];
  /** Answered 304. */
  notModified: string[];
  /** The messages of the tasks that failed; they can be retried. */
  failed: string[];
}

export function nothing(): WhatHappened {
  return {
    registered: [],
    unregistered: [],
    personalized: [],
    listed: [],
    updated: [],
    unchanged: [],
    notModified: [],
    failed: [],
  };
}

export function together(parts: WhatHappened[]): WhatHappened {
  return {
    registered: parts.flatMap(({ registered }) => registered),
    unregistered: parts.flatMap(({ unregistered }) => unregistered),
    personalized: parts.flatMap(({ personalized }) => personalized),
    listed: parts.flatMap(({ listed }) => listed),
    updated: parts.flatMap(({ updated }) => updated),
    unchanged: parts.flatMap(({ unchanged }) => unchanged),
    notModified: parts.flatMap(({ notModified }) => notModified),
    failed: parts.flatMap(({ failed }) => failed),
  };
}

/** Wallet's identity of a pass: the same type and serial number is the same pass. */
export function installedKey(pass: Pick<InstalledPass, "passTypeIdentifier" | "serialNumber">): string {
  return `${pass.passTypeIdentifier} ${pass.serialNumber}`;
}

/** Where a pass is updated from and with what; undefined for a pass without a web service. */
export function webServiceOf({
  pass,
}: CheckedPass): { webServiceURL: string; authenticationToken: string } | undefined {
  const { webServiceURL, authenticationToken } = pass;
  if (typeof webServiceURL !== "string" || typeof authenticationToken !== "string") return undefined;
  return { webServiceURL, authenticationToken };
}

/**
 * The texts for the lock screen: of each field whose value changed and that has a changeMessage with `%@`,
 * that message in `language`. Dates and numbers are put in as they stand in pass.json; a real device formats
 * them.
 */
export function notifications(before: CheckedPass, after: CheckedPass, language: string): string[] {
  const old = fieldsOf(before.pass);
  const translate = (text: string): string => after.strings[language]?.[text] ?? text;
  return [...fieldsOf(after.pass).values()].flatMap(({ key, value, changeMessage }) => {
    const previous = old.get(key);
    if (!previous || previous.value === value || typeof changeMessage !== "string") return [];
    const message = translate(changeMessage);
    return message.includes("%@") ? [message.replaceAll("%@", () => translate(String(value)))] : [];
  });
}

/** Random lower-case hex, `bytes` bytes of it. */
export function randomHex(bytes: number): string {
  return hex(crypto.getRandomValues(new Uint8Array(bytes)));
}
