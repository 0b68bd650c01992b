/**
 * The routes of the admin API about the whole deployment, MCP, and the addresses for Google, for the attack suite.
 */
import fc from "fast-check";
import { query } from "./finding-routes.ts";
import { admin, BEARER, type Part, pass, route, template } from "./route.ts";
import { named, some, text } from "./shapes.ts";
import type { Sent } from "./wire.ts";

const issuerId = fc.constantFrom("@{issuer}", "@{issuer}", "3388000000000000099");
const ofIssuer = (rest = "") => issuerId.map((id) => `/google-issuers/${id}${rest}`);
const account = fc.record({
  type: fc.constant("service_account"),
  project_id: named(30),
  private_key_id: named(40),
  private_key: fc.constantFrom("@{googleKey}", "@{googleKey}", "@{privateKey}"),
  client_email: fc.constant("fuzz@fuzz.iam.gserviceaccount.com"),
});
const hash = fc.constantFrom("@{sha256}", "@{sha256}", "0".repeat(64));

export const operatingRoutes = [
  admin("POST", "/google-issuers", fc.record({ issuerId, serviceAccount: account })),
  admin("GET", "/google-issuers"),
  admin("GET", ofIssuer()),
  admin("PATCH", ofIssuer(), fc.record({ serviceAccount: account })),
  admin("DELETE", ofIssuer()),
  admin("POST", ofIssuer("/check")),
  admin("POST", "/google-failures/retry"),
  admin("GET", "/master-secret"),
  admin("GET", "/push"),
  admin("PUT", "/push", some({ paused: fc.boolean(), pushesPerSecond: fc.integer({ min: 1, max: 1000 }) })),
  // It skips a million ids, which leaves room for billions of calls.
  admin("POST", "/restored"),
  admin("POST", "/dead-letters/replay"),
  admin(
    "POST",
    fc.nat(5).map((id) => `/dead-letters/${id}/replay`),
  ),
  // With "google", no pass could be downloaded afterwards.
  admin("DELETE", "/pass-types/@{passType}"),
  admin("PATCH", "/pass-types/@{passType}", some({ wallets: fc.constantFrom("both", "apple") })),
  admin(
    "GET",
    query({ limit: fc.integer({ min: 1, max: 200 }), projectId: fc.nat(20) }).map(
      (sent) => `/template-summaries${sent}`,
    ),
  ),
  admin(
    "GET",
    fc.tuple(template, hash).map(([id, sha256]) => `/templates/${id}/images/${sha256}`),
  ),
  admin(
    "GET",
    fc.tuple(pass, hash).map(([name, sha256]) => `/passes/@{${name}.id}/images/${sha256}`),
  ),
  admin(
    "GET",
    pass.map((name) => `/passes/@{${name}.id}/content`),
  ),
];

const META = {
  protocolVersion: "2025-06-18",
  capabilities: {},
  clientInfo: { name: "fuzz", version: "1" },
};
const call = (name: string, sent: Part<object>) =>
  sent.map((args) => ({ method: "tools/call", params: { name, arguments: args } }));
const id = fc.constantFrom("@{template.0}");
const passId = pass.map((name) => `@{${name}.id}`);
const write = fc.boolean();
const mcpCall = fc.oneof(
  fc.constant({ method: "initialize", params: META }),
  fc.constantFrom({ method: "ping" }, { method: "tools/list" }, { method: "notifications/initialized" }),
  call("find_templates", some({ projectId: fc.nat(20) })),
  call("find_passes", some({ text: text(100), code: text(100), tag: text(50) })),
  call("show_pass", fc.record({ passId })),
  call("issue_pass", some({ templateId: id, write, idempotencyKey: named(50), tags: fc.array(named(20)) })),
  call("change_pass", some({ passId, write, idempotencyKey: named(50), tags: fc.array(named(20)) })),
  call("void_pass", some({ passId, write, reason: text(100) })),
  call("look_up", fc.record({ code: named(100) })),
  call("scan", fc.record({ scanId: named(30), code: named(100) })),
  call("lint", some({ templateId: id, values: fc.dictionary(named(), text(50), { maxKeys: 3 }) })),
  call("health", fc.constant({})),
);
/** Some tools need arguments that are left out here: the answer is an error of MCP. */
export const mcpRoutes = [
  route({
    method: "POST",
    target: fc.constant("/admin/mcp"),
    headers: [...BEARER, ["Accept", "application/json, text/event-stream"]],
    body: fc.tuple(mcpCall, fc.nat(9)).map(([sent, n]) => ({ jsonrpc: "2.0", id: n, ...sent })),
  }),
];

const signed = fc.oneof(
  fc.constant('{"keyValue":"AA==","keyExpiration":"9999999999999"}'),
  fc.json(),
  text(200),
);
const hex = (bytes: number) =>
  fc
    .uint8Array({ minLength: bytes, maxLength: bytes })
    .map((random) => Array.from(random, (byte) => byte.toString(16).padStart(2, "0")).join(""));
/** No callback here is signed by Google, and no secret of an image is known. */
export const googleRoutes: Part<Sent>[] = [
  route({
    method: "POST",
    target: fc.constant("/google/callback"),
    body: fc.record({
      signature: text(100),
      protocolVersion: fc.constantFrom("ECv2SigningOnly", "ECv2SigningOnly", "ECv1"),
      intermediateSigningKey: fc.record({
        signedKey: signed,
        signatures: fc.array(text(100), { minLength: 1, maxLength: 3 }),
      }),
      signedMessage: signed,
    }),
  }),
  route({ method: "GET", target: hash.map((sha256) => `/g/${sha256}.png`) }),
  route({
    method: "GET",
    target: fc
      .tuple(pass, hex(16), hash)
      .map(([name, secret, sha256]) => `/g/@{${name}.id}/${secret}/${sha256}.png`),
  }),
];
