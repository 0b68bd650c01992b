/**
 * The page of the dashboard that makes a call of the API: the service says in its cures and next steps which call helps. Pure.
 */
import type { PageName } from "./access.ts";

export interface Place {
  readonly page: PageName;
  /** The query for `hrefOf`. */
  readonly query: Readonly<Record<string, string>>;
}

/** The first that fits. A group is the id of the page. */
const PLACES: readonly (readonly [path: RegExp, page: PageName])[] = [
  [/^(?:pass-types|apns-keys)\b/, "pass-types"],
  [/^google-(?:issuers|failures)\b/, "google-wallet"],
  [/^(?:push|dead-letters)\b/, "pushes"],
  [/^keys\b/, "keys"],
  [/^templates\/\d+\/join\b/, "posters"],
  [/^templates\/(\d+)\/passes\b/, "new-pass"],
  [/^templates\/(\d+)\b/, "template"],
  [/^templates\b/, "templates"],
  [/^passes\/(\d+)\b/, "pass"],
  [/^passes\b/, "passes"],
  [/^(?:projects|events)\b/, "events"],
  [/^scans\b/, "scans"],
  [/^device-logs\b/, "phone-logs"],
];

/** @param path of the API, such as /admin/v1/templates/7/passes @returns undefined: no page makes it */
export function placeForPath(path: string): Place | undefined {
  const call = path.replace(/^\/admin\/v1\//, "");
  if (call === path) return undefined;
  for (const [pattern, page] of PLACES) {
    const found = pattern.exec(call);
    if (found !== null) return { page, query: found[1] === undefined ? {} : { id: found[1] } };
  }
  return undefined;
}
