/**
 * The rules for every response, whatever the request was: no server error, no secret, one format of refusals, headers
 * from a known list, and nothing that a browser would store, follow or execute.
 *
 * It does not know any routes. Follows RFC 9457 (problem+json), RFC 6266 (Content-Disposition), the Fetch standard
 * (CORS) and Apple's "Adding a web service to update passes" (no redirect, no cookie).
 */
import { ERRORS } from "../../../src/errors.ts";
import { FOREIGN_HOST } from "./nasty.ts";
import { type Answered, findApi, pathOf, type Sent } from "./wire.ts";
import { type Secret, saidIn, tokenIn, tokensIn } from "./world.ts";

const PKPASS = "application/vnd.apple.pkpass";
const PKPASSES = "application/vnd.apple.pkpasses";
const TYPES = [
  /^application\/json(; ?charset=utf-8)?$/i,
  /^application\/problem\+json$/,
  /^application\/vnd\.apple\.pkpass(es)?$/,
  /^application\/pkcs10$/,
  /^application\/octet-stream$/, // the signature of a phone's token
  /^text\/html; ?charset=utf-8$/i,
  /^image\/(png|svg\+xml)$/, // of a page
];
/** Headers that the Worker sets, and headers that the runtime and proxies in between set. */
const HEADERS = new Set([
  ...[
    "content-type",
    "content-length",
    "content-encoding",
    "transfer-encoding",
    "connection",
    "keep-alive",
    "date",
  ],
  ...[
    "allow",
    "retry-after",
    "strict-transport-security",
    "cache-control",
    "etag",
    "idempotency-replayed",
    "last-modified",
    "location",
    "content-disposition",
    "www-authenticate",
    "vary",
    "content-language",
  ],
  ...["x-content-type-options", "referrer-policy", "x-robots-tag", "content-security-policy"],
]);
/** What a form of a join page leads to, and the link to Google Wallet of a pass that is no longer valid. */
const JOINED = /^\/p\/\d+\/[0-9a-f]{40}$/;
/** A page of a form, also for programs: it was refused, the offer has ended, or the network has had its share. */
const JOIN_REFUSALS = [410, 422, 429];
/** Without a key, and the same for all. */
const PUBLIC = ["/admin/openapi.json", "/admin/docs"];
const PNG = "private, max-age=31536000, immutable";
const SVG = "public, max-age=86400";

/** States that the operator has to correct, and no faults: a pass type without a certificate, and an issuer that Google refuses. */
const EXPECTED = new Map([
  ["google_unavailable", 503],
  ["google_keys_unavailable", 503],
  ["no_certificate", 503],
  ["signing_certificate_expired", 503],
  ["pass_not_built", 500],
]);

/**
 * The faults of the response.
 * @param sent the request as it was sent, with all names replaced
 */
export function faultsOf(sent: Sent, answered: Answered, secrets: readonly Secret[]): string[] {
  const text = new TextDecoder("utf-8", { fatal: false, ignoreBOM: true }).decode(answered.body);
  const refusal = answered.status >= 400 && sent.method !== "HEAD" ? problemIn(text) : undefined;
  return [
    ...faultsOfStatus(answered, sent, refusal),
    ...faultsOfHeaders(answered, sent),
    ...faultsOfBody(answered, sent, refusal),
    ...leaks(answered, sent, text, secrets),
  ];
}

type Problem = Readonly<Record<string, unknown>>;

function problemIn(text: string): Problem | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

function faultsOfStatus({ status }: Answered, sent: Sent, refusal: Problem | undefined): string[] {
  const isJoined = status === 303 && sent.method === "POST" && isJoin(sent);
  const isFromGoogle = status === 302 && /^\/p\/[^?]*\/google\/?(\?|$)/.test(sent.target);
  if (status >= 300 && status < 400 && status !== 304 && !isJoined && !isFromGoogle)
    return [`a redirect: ${status}`];
  if (status < 500) return [];
  const code = String(refusal?.code);
  // Passdock's own form repeats the status.
  const isExpected =
    sent.method === "HEAD" || EXPECTED.get(code) === status || (status === 503 && code === "503");
  return isExpected ? [] : [`a fault of the server: ${status}`];
}

const isMcp = ({ target }: Sent) => pathOf(target) === "/admin/mcp";
const isJoin = ({ target }: Sent) => /^\/join\/[^/]+$/.test(pathOf(target));

function faultsOfHeaders({ status, headers }: Answered, sent: Sent): string[] {
  const type = headers.get("content-type");
  const isStream = isMcp(sent) && type === "text/event-stream";
  const faults = [...headers.keys()]
    .filter((name) => !HEADERS.has(name) && !(isStream && name === "x-accel-buffering"))
    .map((name) => `the header ${name}`);
  if (type !== null && !isStream && !TYPES.some((known) => known.test(type)))
    faults.push(`the Content-Type ${type}`);
  const location = headers.get("location");
  const leads =
    status === 303 || status === 302 ? JOINED : status === 201 ? /^\/admin\/v1(\/[\w.-]+)+$/ : undefined;
  if (location !== null && leads?.test(location) !== true) faults.push(`the Location ${location}`);
  const api = findApi(sent.target);
  if (api === "pages") {
    for (const [name, value] of [
      ["referrer-policy", "no-referrer"],
      ["x-robots-tag", "noindex, nofollow"],
      ["x-content-type-options", "nosniff"],
    ] as const) {
      if (headers.get(name) !== value) faults.push(`${name} is ${headers.get(name)}`);
    }
    if (!/^default-src 'none'/.test(headers.get("content-security-policy") ?? "")) faults.push("no policy");
  } else if (/^text\/html/.test(type ?? "") && pathOf(sent.target) !== "/admin/docs") {
    faults.push(`a page from the ${api} API`);
  }
  const isFile = type === PKPASS || type === PKPASSES;
  const keyed = ["pages", "admin", "passdock"].includes(api) || isFile;
  // A refusal before authentication reveals nothing.
  const cached = headers.get("cache-control") ?? "";
  const isImage = (type === "image/png" && cached === PNG) || (type === "image/svg+xml" && cached === SVG);
  if (keyed && status < 400 && !isImage && !/^private, no-(store|cache)$/.test(cached)) {
    if (!PUBLIC.includes(pathOf(sent.target))) faults.push("a shared cache may keep it");
  }
  if (isFile) {
    const name = headers.get("content-disposition") ?? "";
    if (!/^attachment; filename="[\w.-]{1,64}\.pkpass(es)?"$/.test(name)) faults.push(`the name ${name}`);
    if (headers.get("x-content-type-options") !== "nosniff") faults.push("a bundle that may be sniffed");
  }
  if (/[\r\n\0]/.test([...headers.values()].join(""))) faults.push("a line break in a header");
  return faults;
}

function faultsOfBody(
  { status, headers, body }: Answered,
  sent: Sent,
  refusal: Problem | undefined,
): string[] {
  const type = headers.get("content-type") ?? "";
  if (sent.method === "HEAD" || status === 304 || status === 204) {
    return body.length === 0 ? [] : [`a body of ${body.length} bytes where none may be`];
  }
  if (status >= 400) return faultsOfRefusal(status, type, refusal, sent);
  if (/^application\/json/.test(type)) {
    return isJson(body) ? [] : ["JSON that cannot be read"];
  }
  return body.length > 0 && type === "" ? ["a body without a Content-Type"] : [];
}

function faultsOfRefusal(status: number, type: string, refusal: Problem | undefined, sent: Sent): string[] {
  if (isMcp(sent) && refusal?.jsonrpc === "2.0") return [];
  const isPage = JOIN_REFUSALS.includes(status) && isJoin(sent) && /^text\/html/.test(type);
  if (isPage) return [];
  if (refusal === undefined) return [`a refusal that is no JSON (${type})`];
  const keys = Object.keys(refusal);
  if (keys.every((key) => key === "code" || key === "errors") && findApi(sent.target) === "passdock") {
    const { code, errors = [] } = refusal;
    const told = Array.isArray(errors) && errors.every((error) => typeof error === "string");
    return code === status && told && /^application\/json/.test(type) ? [] : ["no refusal of Passdock's"];
  }
  const { type: uri, title, status: said, code, detail } = refusal;
  const known = Object.hasOwn(ERRORS, String(code));
  const whole = uri === "about:blank" && typeof title === "string" && typeof detail === "string";
  const agrees = said === status && type === "application/problem+json";
  return known && whole && agrees
    ? []
    : [`no problem+json: ${type} ${JSON.stringify(refusal).slice(0, 300)}`];
}

/** Secrets in the response that the sender did not send, or that must never be returned. */
function leaks(answered: Answered, sent: Sent, text: string, secrets: readonly Secret[]): string[] {
  const head = [...answered.headers].map(([name, value]) => `${name}: ${value}`).join("\n");
  const faults: string[] = [];
  if (head.includes(FOREIGN_HOST) || (text.includes(FOREIGN_HOST) && !saidIn(sent).includes(FOREIGN_HOST))) {
    faults.push("a link that follows a header");
  }
  const own = answered.status === 200 && sent.method !== "HEAD" ? ownTokens(answered) : [];
  const holdsKey = ["admin", "passdock"].includes(findApi(sent.target)) && answered.status < 300;
  const said = saidIn(sent);
  for (const { text: secret, kind } of secrets) {
    // The link to Google Wallet of a pass that is no longer valid leads to its page.
    const isRepeated = kind === "link" && answered.status === 302 && said.includes(secret);
    if (head.includes(secret) && !isRepeated) faults.push(`a secret in a header (${kind})`);
    if (!text.includes(secret) || said.includes(secret)) continue;
    if (kind === "token" && own.includes(secret)) continue;
    if (kind === "link" && holdsKey) continue;
    faults.push(`a secret in the body (${kind})`);
  }
  return faults;
}

/** The secrets of the passes in the response. */
function ownTokens(answered: Answered): string[] {
  switch (answered.headers.get("content-type")) {
    case PKPASS:
      return [tokenIn(answered)];
    case PKPASSES:
      return tokensIn(answered);
    default:
      return [];
  }
}

function isJson(bytes: Uint8Array): boolean {
  try {
    JSON.parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: false }).decode(bytes));
    return true;
  } catch {
    return false;
  }
}

/** Lines of the log that no request should have caused, or that contain secrets. */
export function faultsOfLog(lines: readonly string[], secrets: readonly Secret[]): string[] {
  return lines.flatMap((line) => {
    const faults: string[] = [];
    if (/"event":"(unexpected_error|built_pass_not_stored|unauthenticated_write_failed)"/.test(line))
      faults.push(`in the log: ${line}`);
    for (const { text, kind } of secrets) {
      if (line.includes(text)) faults.push(`a secret in the log (${kind}): ${line.replaceAll(text, "…")}`);
    }
    return faults;
  });
}
