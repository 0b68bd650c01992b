/**
 * The cures and next steps of the health report for a person who clicks: where the API's text names a call (src/health/findings.ts,
 * src/push/cures.ts), the control of this dashboard that makes it. What the
 * API says of a request that failed is read in the same way. Pure.
 */
import { timeFrom } from "../times.ts";
import type { PageName } from "./access.ts";
import { whenWords } from "./words.ts";

interface Control {
  readonly call: RegExp;
  /** Its label in the page. */
  readonly label: string;
  readonly page: PageName;
}

const CONTROLS: readonly Control[] = [
  { call: /POST \/admin\/v1\/pass-types\/[^/\s]+\/push-check/g, label: "Check pushes", page: "pass-types" },
  {
    call: /GET \/admin\/v1\/pass-types\/[^/\s]+\/csr/g,
    label: "Download signing request",
    page: "pass-types",
  },
  { call: /POST \/admin\/v1\/pass-types\/[^/\s]+\/csr/g, label: "Renew", page: "pass-types" },
  {
    call: /PUT \/admin\/v1\/pass-types\/[^/\s]+\/certificate/g,
    label: "Install a certificate",
    page: "pass-types",
  },
  { call: /POST \/admin\/v1\/pass-types(?!\/)/g, label: "New pass type", page: "pass-types" },
  { call: /POST \/admin\/v1\/apns-keys/g, label: "New APNs key", page: "pass-types" },
  { call: /POST \/admin\/v1\/dead-letters\/replay/g, label: "Replay all", page: "pushes" },
  { call: /GET \/admin\/v1\/dead-letters/g, label: "Dead letters", page: "pushes" },
  { call: /PUT \/admin\/v1\/push \{"paused": false\}/g, label: "Resume", page: "pushes" },
];

/** Where a text is about requests and not only names one. */
const OWN_WORDS: Readonly<Record<string, string>> = {
  no_certificate:
    "Download its signing request, upload it in Apple's portal, and install the certificate that the portal gives you.",
  install_certificate: "Install the certificate that the portal issued (pass.cer), as it is.",
  add_pass: "Open the landing page of the pass on an iPhone, and add the pass to Wallet.",
};

export interface ClickableText {
  readonly text: string;
  /** Where it is done. Undefined: not in the dashboard. */
  readonly page: PageName | undefined;
}

/** @param code of the finding or step */
export function inClicks(code: string, text: string): ClickableText {
  const used = CONTROLS.filter(({ call }) => text.search(call) >= 0);
  const words = text
    .replaceAll("call the route again", "try again")
    .replaceAll("The keyId, the teamIdentifier", "The key id, the team id");
  const replaced = used.reduce((changed, { call, label }) => changed.replace(call, `“${label}”`), words);
  const sentences = replaced
    .replace(/(^|\. )“(New |Resume)/g, "$1Use “$2")
    .replaceAll("Then “", "Then use “");
  return { text: OWN_WORDS[code] ?? sentences, page: used[0]?.page };
}

/** "since 28 November, 21:14": the API writes times as programs read them. */
export function withReadableTimes(text: string, now: number): string {
  return text.replace(/\d{4}-\d{2}-\d{2}(T[\d:.]+Z)?/g, (instant, time) => {
    const at = timeFrom(instant);
    if (at === undefined) return instant;
    return time === undefined ? dayWords(at) : whenWords(instant, now);
  });
}

/** The day in UTC, which is how the API counts days. */
function dayWords(at: number): string {
  const parts = { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" } as const;
  return new Intl.DateTimeFormat("en-GB", parts).format(at);
}
