/**
 * The state and the reports of a simulated iPhone: installed passes, rows of web services, and the result of an event.
 * Types and pure functions; the requests are made in other files.
 */
import { hex } from "./iphone-invalid-pass.ts";
import { fieldsOf } from "./iphone-pass-json.ts";
import type { CheckedPass } from "./pkpass.ts";

/** A pass in Wallet. The object exists as long as the pass is installed; an update changes it in place. */
export interface InstalledPass extends CheckedPass {
  readonly passTypeIdentifier: string;
  readonly serialNumber: string;
  /**
   * Copied from the last response with a body. Undefined after the pass was added, until the web service has sent the
   * header once.
   */
  lastModified: string | undefined;
  automaticUpdates: boolean;
  /** When it was added, or when its manifest last changed. */
  changedAt: number;
  /** The notifications that its updates have put on the lock screen, oldest first. */
  changes: string[];
}

/** One row per pass type and webServiceURL. A deviceLibraryIdentifier identifies this pair and not the phone. */
export interface WebService {
  readonly passTypeIdentifier: string;
  readonly webServiceURL: string;
  readonly deviceLibraryIdentifier: string;
  /** The last lastUpdated, unchanged, and when it was stored. */
  tag: string | undefined;
  tagAt: number;
  /** Lines that wait to be posted, and how often posting has failed. */
  lines: string[];
  failedPosts: number;
}

/** The result of an event. Serial numbers, except where noted. */
export interface WhatHappened {
  /** 201 for a new registration, 200 for an existing one. */
  registered: { serialNumber: string; status: number }[];
  unregistered: string[];
  /** The pass was used to sign up, and the response was accepted. */
  personalized: string[];
  /** As the server listed them, installed or not. */
  listed: string[];
  /** Passes that got new content, with the texts shown on the lock screen. */
  updated: { serialNumber: string; notifications: string[] }[];
  /** The response was 200 with the manifest that was already installed. */
  unchanged: string[];
  /** Answered 304. */
  notModified: string[];
  /** The messages of the failed tasks; the tasks can be retried. */
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

/** Wallet's identity of a pass: passes with the same type and serial number are the same pass. */
export function installedKey(pass: Pick<InstalledPass, "passTypeIdentifier" | "serialNumber">): string {
  return `${pass.passTypeIdentifier} ${pass.serialNumber}`;
}

/** The web service that updates a pass, and its token; undefined for a pass without a web service. */
export function webServiceOf({
  pass,
}: CheckedPass): { webServiceURL: string; authenticationToken: string } | undefined {
  const { webServiceURL, authenticationToken } = pass;
  if (typeof webServiceURL !== "string" || typeof authenticationToken !== "string") return undefined;
  return { webServiceURL, authenticationToken };
}

/**
 * The texts for the lock screen: for each field whose value changed and that has a changeMessage with `%@`, this
 * message in `language`. Dates and numbers are inserted as they are written in pass.json; a real device formats them.
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

/** Random lower-case hex for `bytes` bytes. */
export function randomHex(bytes: number): string {
  return hex(crypto.getRandomValues(new Uint8Array(bytes)));
}
