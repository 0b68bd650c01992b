/**
 * Generates requests of all kinds: valid ones for a route, valid ones with one fault, and nonsense. Requests with one
 * fault are the most useful, because all earlier checks accept them.
 */
import fc from "fast-check";
import { BODIES, HALVES, HEADERS, NUMBERS, REQUESTS, SEGMENTS } from "./nasty.ts";
import { validRequest } from "./routes.ts";
import { text } from "./shapes.ts";
import { type Body, type Sent, toBase64 } from "./wire.ts";

type Change = (sent: Sent) => Sent;

const METHODS = [
  "GET",
  "HEAD",
  "POST",
  "PUT",
  "PATCH",
  "DELETE",
  "OPTIONS",
  "TRACE",
  "PURGE",
  "get",
  "QUERY",
];
const AUTHORIZATIONS = [
  "Bearer @{adminToken}",
  "Bearer @{pass.0.token}",
  "ApplePass @{adminToken}",
  "ApplePass @{pass.0.flippedToken}",
  "ApplePass @{pass.1.webToken}",
  "applepass  @{pass.0.token} ",
  "Basic @{basic}",
  "Basic @{adminToken}",
  "@{adminToken}",
];
const anyText = fc.oneof(
  text(5000),
  fc.constantFrom(...HALVES),
  fc.string({ unit: "binary", maxLength: 30 }),
);
const segment = fc.oneof(
  fc.constantFrom(...SEGMENTS),
  text(100).map(encodeURIComponent),
  fc.string({ maxLength: 20 }).map((part) => part.replace(/[\s#]/g, "")),
);
const header = fc.oneof(
  fc.constantFrom(...HEADERS),
  fc.constantFrom(...AUTHORIZATIONS).map((value) => ["Authorization", value] as const),
  fc.tuple(fc.stringMatching(/^[A-Za-z][A-Za-z-]{0,20}$/), fc.string({ maxLength: 60 })),
);
/** A value as it is written in JSON, legal or not. */
const anyJson = fc.oneof(
  fc.constantFrom(...NUMBERS),
  fc.jsonValue({ maxDepth: 4 }).map((value) => JSON.stringify(value)),
  anyText.map((value) => JSON.stringify(value)),
  fc.constantFrom(
    "null",
    "true",
    "[]",
    "{}",
    "[[]]",
    '{"":0}',
    "nul",
    "",
    `${"[".repeat(70)}${"]".repeat(70)}`,
  ),
);

const changedPath: fc.Arbitrary<Change> = fc
  .tuple(fc.nat(9), segment, fc.nat(3))
  .map(([at, part, how]) => (sent) => {
    const [path = "", ...query] = sent.target.split("?");
    const parts = path.split("/");
    const n = 1 + (at % Math.max(1, parts.length - 1));
    if (how === 0) parts[n] = part;
    else if (how === 1) parts.splice(n, 0, part);
    else if (how === 2) parts[n] = `${parts[n] ?? ""}${part}`;
    else parts.splice(n, 1);
    return { ...sent, target: [parts.join("/") || "/", ...query].join("?") };
  });
const changedQuery: fc.Arbitrary<Change> = fc
  .tuple(
    fc.constantFrom(
      "limit",
      "cursor",
      "code",
      "tag",
      "page",
      "pageSize",
      "order",
      "show",
      "errors",
      "api_token",
      "passesUpdatedSince",
      "__proto__",
      "constructor",
      "a[b]",
    ),
    segment,
    fc.boolean(),
  )
  .map(([name, value, twice]) => (sent) => {
    const added = `${name}=${value}${twice ? `&${name}=2&${name}` : ""}`;
    return { ...sent, target: `${sent.target}${sent.target.includes("?") ? "&" : "?"}${added}` };
  });
const changedHeaders: fc.Arbitrary<Change> = fc.tuple(header, fc.nat(2)).map(([given, how]) => (sent) => {
  const others = how === 0 ? sent.headers : sent.headers.filter(([name]) => name !== given[0]);
  return { ...sent, headers: how === 2 ? sent.headers.slice(1) : [...others, given] };
});
const changedMethod: fc.Arbitrary<Change> = fc
  .constantFrom(...METHODS)
  .map((method) => (sent) => ({ ...sent, method }));

/** A placeholder that no text contains. */
const MARK = "@the place@";

/** The JSON text with another value at position `at`, or with that key renamed or duplicated. */
function replaced(json: string, at: number, other: string, how: number): string {
  let places = 0;
  const count = (value: unknown): unknown => {
    if (typeof value === "object" && value !== null) for (const member of Object.values(value)) count(member);
    places += 1;
    return value;
  };
  const whole: unknown = count(JSON.parse(json));
  let place = 0;
  const walk = (value: unknown): unknown => {
    const members = typeof value === "object" && value !== null ? Object.entries(value) : [];
    const walked = members.map(([key, member]) => [key, walk(member)] as const);
    if (place++ === at % places) return MARK;
    if (Array.isArray(value)) return walked.map(([, member]) => member);
    return members.length > 0 ? Object.fromEntries(walked) : value;
  };
  const marked = JSON.stringify(walk(whole));
  if (how === 0) return marked.replace(`"${MARK}"`, () => other);
  // The same key twice, and an unknown key.
  return marked.replace(`"${MARK}"`, () => `{"__proto__":${other || 0},"a":1,"a":${other || 0}}`);
}

const changedJson: fc.Arbitrary<Change> = fc
  .tuple(fc.nat(30), anyJson, fc.nat(1))
  .map(([at, other, how]) => (sent) => {
    if (sent.body === undefined || !("text" in sent.body)) return sent;
    try {
      return { ...sent, body: { text: replaced(sent.body.text, at, other, how) } };
    } catch {
      return { ...sent, body: { text: other } }; // a form, or a text that names a number
    }
  });
const truncated: fc.Arbitrary<Change> = fc.nat(2000).map((length) => (sent) => {
  if (sent.body === undefined || !("text" in sent.body)) return sent;
  return { ...sent, body: { text: sent.body.text.slice(0, length % (sent.body.text.length + 1)) } };
});
const otherBody: fc.Arbitrary<Change> = fc.constantFrom(...BODIES).map(({ type, body }) => (sent) => ({
  ...sent,
  headers: [...sent.headers.filter(([name]) => name !== "Content-Type"), ["Content-Type", type]],
  body,
}));

const changeOfAll: fc.Arbitrary<Change> = fc.oneof(
  { weight: 3, arbitrary: changedPath },
  { weight: 2, arbitrary: changedHeaders },
  { weight: 2, arbitrary: changedQuery },
  { weight: 1, arbitrary: changedMethod },
  { weight: 1, arbitrary: otherBody },
);
const changeOfBody: fc.Arbitrary<Change> = fc.oneof(
  { weight: 5, arbitrary: changedJson },
  { weight: 1, arbitrary: truncated },
  { weight: 3, arbitrary: changeOfAll },
);

const almostValid = validRequest.chain((sent) =>
  (sent.body === undefined ? changeOfAll : changeOfBody).map((apply) => apply(sent)),
);

const anyBody: fc.Arbitrary<Body | undefined> = fc.oneof(
  fc.constant(undefined),
  fc.constantFrom(...BODIES.map(({ body }) => body)),
  anyJson.map((json) => ({ text: json })),
  anyText.map((value) => ({ text: value })),
  fc.uint8Array({ maxLength: 300 }).map((bytes) => ({ base64: toBase64(bytes) })),
);
const prefix = fc.constantFrom(
  "",
  "/v1",
  "/api/v1",
  "/admin/v1",
  "/p",
  "/passes",
  "/v1/passes",
  "/api/v1/templates",
);
const nonsense: fc.Arbitrary<Sent> = fc
  .record({
    method: fc.constantFrom(...METHODS),
    target: fc
      .tuple(prefix, fc.array(segment, { maxLength: 5 }))
      .map(([start, parts]) => [start, ...parts].join("/") || "/"),
    headers: fc.array(header, { maxLength: 4 }),
    body: anyBody,
  })
  .map((sent) => ({ ...sent, target: sent.target.startsWith("/") ? sent.target : `/${sent.target}` }));

/** Any request. */
export const anyRequest: fc.Arbitrary<Sent> = fc.oneof(
  { weight: 3, arbitrary: validRequest },
  { weight: 6, arbitrary: almostValid },
  { weight: 2, arbitrary: nonsense },
  { weight: 1, arbitrary: fc.constantFrom(...REQUESTS) },
);
