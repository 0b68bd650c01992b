/**
 * The settings: each that is missing or wrong is named with its cure and never with its value, nothing but /healthz
 * answers until then, and what MASTER_SECRET protects stays readable while it is rotated.
 *
 * HKDF is RFC 5869, AES-GCM SP 800-38D; wrangler.toml is described at
 * https://developers.cloudflare.com/workers/wrangler/configuration/.
 */
import { createExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, test } from "vitest";
import { configOf, type Env } from "../src/config.ts";
import worker from "../src/index.ts";
import type { Pass } from "../src/passes/show.ts";
import { authenticationToken, verifyAuthenticationToken } from "../src/passes/token.ts";
import { createSecrets } from "../src/secrets/secrets.ts";
import { ADMIN_TOKEN, accept, admin, ORIGIN, type Problem } from "./harness.ts";

const wranglerToml = Object.values(
  import.meta.glob<string>("../wrangler.toml", { query: "?raw", import: "default", eager: true }),
).join();

const OLD = "secret-of-the-tests-with-32-characters";
const NEW = "another-secret-of-32-characters-at-least";

/** What this Worker answers where its environment is this. */
async function answerWith(settings: Partial<Env>, path: string, init: RequestInit = {}) {
  const request = new Request(ORIGIN + path, {
    headers: { Authorization: `Bearer ${ADMIN_TOKEN}`, "Content-Type": "application/json" },
    ...init,
  });
  return worker.fetch(request, { ...env, ...settings }, createExecutionContext());
}

describe("a setting that is missing or wrong", () => {
  const wrong: [name: keyof Env, value: string | undefined, what: string][] = [
    ["PUBLIC_ORIGIN", undefined, "PUBLIC_ORIGIN is missing (set it under [vars] in wrangler.toml"],
    ["PUBLIC_ORIGIN", "", "PUBLIC_ORIGIN is missing"],
    ["PUBLIC_ORIGIN", "unsayable", "PUBLIC_ORIGIN Invalid URL"],
    ["PUBLIC_ORIGIN", "https://unsayable.example/", "PUBLIC_ORIGIN must be an origin such as"],
    ["PUBLIC_ORIGIN", "https://unsayable.example/path", "PUBLIC_ORIGIN must be an origin such as"],
    ["PUBLIC_ORIGIN", "https://user:unsayable@example.com", "PUBLIC_ORIGIN must be an origin such as"],
    ["PUBLIC_ORIGIN", "ftp://unsayable.example", "PUBLIC_ORIGIN Invalid URL"],
    [
      "ADMIN_TOKEN",
      undefined,
      "ADMIN_TOKEN is missing (run: openssl rand -hex 32 | npx wrangler secret put ADMIN_TOKEN)",
    ],
    ["ADMIN_TOKEN", "", "ADMIN_TOKEN is missing"],
    ["ADMIN_TOKEN", "unsayable", "ADMIN_TOKEN must have at least 16 characters"],
    ["ADMIN_TOKEN", "unsayable token with spaces", "ADMIN_TOKEN must not hold white space"],
    [
      "MASTER_SECRET",
      undefined,
      "MASTER_SECRET is missing (run: openssl rand -base64 32 | npx wrangler secret put MASTER_SECRET)",
    ],
    ["MASTER_SECRET", "unsayable", "MASTER_SECRET must have at least 32 characters in each entry"],
    ["MASTER_SECRET", `1:${OLD},2:unsayable`, "MASTER_SECRET must have at least 32 characters in each entry"],
    ["MASTER_SECRET", `1:${OLD},1:${NEW}unsayable`, "MASTER_SECRET has two entries with the same id"],
    ["MASTER_SECRET", `${OLD}unsayable,${NEW}`, "MASTER_SECRET has two entries with the same id"],
    ["MASTER_SECRET", " , ", "MASTER_SECRET holds no secret"],
    ["APNS_ORIGIN", "unsayable", "APNS_ORIGIN Invalid URL (see Settings in the README)"],
    ["TRUSTED_ROOTS", "unsayable", "TRUSTED_ROOTS must be SHA-256 fingerprints in hex"],
    ["AIA_ORIGIN", "https://unsayable/x", "AIA_ORIGIN must be an origin such as"],
    ["KEEP_BUILT_PASSES", "unsayable", "KEEP_BUILT_PASSES "],
    ["DIALECTS", "passbook", 'DIALECTS has "passbook", and takes voltmx, airship, passdock, or none alone'],
    ["DIALECTS", "none, voltmx", 'DIALECTS has "none", and takes'],
    ["LEGACY_AUTHORIZATION", "basic digest", 'LEGACY_AUTHORIZATION has "digest", and takes api_token, basic'],
    ["TOKENS_PER_MESSAGE", "0", "TOKENS_PER_MESSAGE "],
    ["TOKENS_PER_MESSAGE", "unsayable", "TOKENS_PER_MESSAGE "],
    ["TOKENS_PER_MESSAGE", "901", "TOKENS_PER_MESSAGE "],
    ["REGISTRATIONS_PER_PASS", "-1", "REGISTRATIONS_PER_PASS "],
  ];
  test.each(wrong)("%s = %j is named with its cure, and without its value", async (name, value, what) => {
    for (const path of [
      "/admin/v1/health",
      "/v1/devices/d/registrations/p",
      "/passes/1/x.pkpass",
      "/",
      "/nowhere",
    ]) {
      const response = await answerWith({ [name]: value }, path);
      expect([path, response.status]).toEqual([path, 503]);
      expect(response.headers.get("content-type")).toBe("application/problem+json");
      const text = await response.text();
      const problem: Problem = JSON.parse(text);
      expect(problem).toMatchObject({ code: "not_configured", title: "Edgepass is not configured" });
      expect(problem.detail).toContain(what);
      expect(problem.detail).toMatch(/^[A-Z_]+ .* \((set|run:|see) .*\)$/);
      expect(text).not.toMatch(/unsayable/);
      for (const secret of [OLD, NEW, ADMIN_TOKEN]) expect(text).not.toContain(secret);
    }
  });

  test("is named together with all the others", async () => {
    const settings = { PUBLIC_ORIGIN: "", ADMIN_TOKEN: "", MASTER_SECRET: "" };
    const { detail }: Problem = await (await answerWith(settings, "/admin/v1/health")).json();
    expect(detail.match(/(\w+) is missing/g)).toEqual([
      "PUBLIC_ORIGIN is missing",
      "ADMIN_TOKEN is missing",
      "MASTER_SECRET is missing",
    ]);
  });

  test("does not keep /healthz from answering", async () => {
    const response = await answerWith({ ADMIN_TOKEN: "" }, "/healthz");
    expect([response.status, await response.json()]).toEqual([200, { status: "ok" }]);
  });
});

test("what may be left out has its default", () => {
  const { APNS_ORIGIN: _a, AIA_ORIGIN: _i, TRUSTED_ROOTS: _r, ...least } = { ...env };
  const config = configOf(least as Env);
  expect(config).toMatchObject({
    publicOrigin: ORIGIN,
    apnsOrigin: "https://api.push.apple.com",
    keepBuiltPasses: true,
    tokensPerMessage: 300,
    registrationsPerPass: 1000,
  });
  expect([...config.dialects]).toEqual(["voltmx", "airship", "passdock"]);
  expect([...config.legacyAuthorization]).toEqual(["api_token", "basic"]);
  expect(config.aiaOrigin).toBeUndefined();
  // Apple Root CA and WWDR G4, as https://www.apple.com/certificateauthority/ publishes them.
  expect([...config.trustedRoots]).toEqual([
    "b0b1730ecbc7ff4505142c49f1295e6eda6bcaed7e2c68c5be91b5a11001f024",
    "ea4757885538dd8cb59ff4556f676087d83c85e70902c122e42c0808b5bce14c",
  ]);
});

test("further roots are added to Apple's, in any case and separated as one likes", () => {
  const [one, two] = ["AB".repeat(32), "cd".repeat(32)];
  const { trustedRoots } = configOf({ ...env, TRUSTED_ROOTS: ` ${one},\n${two} ` });
  expect([...trustedRoots].slice(2)).toEqual([one.toLowerCase(), two]);
});

test.each<[given: string, doors: string[]]>([
  ["", ["voltmx", "airship", "passdock"]],
  ["none", []],
  [" none ", []],
  ["airship", ["airship"]],
  [" passdock,\nvoltmx ", ["voltmx", "passdock"]],
  ["airship airship", ["airship"]],
])("DIALECTS = %j opens %j", (given, doors) => {
  expect([...configOf({ ...env, DIALECTS: given }).dialects]).toEqual(doors);
});

test.each<[given: string, ways: string[]]>([
  ["", ["api_token", "basic"]],
  ["none", []],
  ["basic", ["basic"]],
  ["basic,api_token", ["api_token", "basic"]],
])("LEGACY_AUTHORIZATION = %j takes %j", (given, ways) => {
  expect([...configOf({ ...env, LEGACY_AUTHORIZATION: given }).legacyAuthorization]).toEqual(ways);
});

describe("what is sealed", () => {
  const plain = new TextEncoder().encode("a private key");
  const place = ["signing_keys", "1", "private_key"];

  test("opens again, at its place, and is never sealed to the same text twice", async () => {
    const secrets = createSecrets(OLD);
    const sealed = await secrets.seal(plain, place);
    expect(sealed).toMatch(/^1\.[\w-]{16}\.[\w-]+$/);
    expect(await secrets.open(sealed, place)).toEqual(plain);
    expect(await secrets.seal(plain, place)).not.toBe(sealed);
  });

  test.each([
    [["signing_keys", "2", "private_key"]],
    [["apns_keys", "1", "private_key"]],
    [["signing_keys", "1", "csr"]],
    [["signing_keys", "1"]],
    [["signing_keys,1,private_key"]],
  ])("does not open at another place (%j)", async (other) => {
    const secrets = createSecrets(OLD);
    await expect(secrets.open(await secrets.seal(plain, place), other)).rejects.toThrow();
  });

  test("does not open when a character of it was changed, or under another secret", async () => {
    const secrets = createSecrets(OLD);
    const sealed = await secrets.seal(plain, place);
    for (let at = 0; at < sealed.length; at++) {
      const other = sealed[at] === "A" ? "Q" : "A";
      await expect(secrets.open(sealed.slice(0, at) + other + sealed.slice(at + 1), place)).rejects.toThrow();
    }
    await expect(createSecrets(NEW).open(sealed, place)).rejects.toThrow();
    await expect(secrets.open("", place)).rejects.toThrow();
  });

  test("under the old entry opens while it is in the list, and new things are sealed under the newest", async () => {
    const sealed = await createSecrets(OLD).seal(plain, place);
    const rotated = createSecrets(`2:${NEW}, 1:${OLD}`);
    expect(await rotated.open(sealed, place)).toEqual(plain);
    expect(await rotated.seal(plain, place)).toMatch(/^2\./);
    await expect(createSecrets(`2:${NEW}`).open(sealed, place)).rejects.toThrow("no entry with the id 1");
    // The key id is part of what is authenticated.
    await expect(createSecrets(`2:${OLD}`).open(sealed.replace(/^1/, "2"), place)).rejects.toThrow();
  });

  test("codes verify under each entry of the list, for their purpose only", async () => {
    const rotated = createSecrets(`2:${NEW},1:${OLD}`);
    const code = await createSecrets(`1:${OLD}`).mac("1", "token", "message");
    expect(await rotated.verify("1", "token", "message", code)).toBe(true);
    expect(await rotated.verify("2", "token", "message", code)).toBe(false);
    expect(await rotated.verify("1", "other", "message", code)).toBe(false);
    expect(await rotated.verify("1", "token", "messagf", code)).toBe(false);
    expect(await rotated.verify("3", "token", "message", code)).toBe(false);
  });

  test("a pass's token is bound to its pass type and serial number, wherever the border between them", async () => {
    const secrets = createSecrets(OLD);
    const token = await authenticationToken(secrets, "1", "pass.a", "b");
    expect(token).toMatch(/^ep1_[\w-]{43}$/);
    expect(await verifyAuthenticationToken(secrets, token, "pass.a", "b")).toBe("1");
    for (const [passType, serial] of [
      ["pass.ab", ""],
      ["pass.", "ab"],
      ["pass.a", "B"],
      ["b", "pass.a"],
    ] as const) {
      expect(await verifyAuthenticationToken(secrets, token, passType, serial)).toBeUndefined();
    }
  });
});

describe("while MASTER_SECRET is rotated", () => {
  const PASS_TYPE = "pass.test.config";
  const rotated = { MASTER_SECRET: `2:${NEW},1:${OLD}` };
  let old: Pass;
  let templateId: number;
  beforeAll(async () => {
    await admin.makePassType(PASS_TYPE);
    templateId = (await admin.makeTemplate(PASS_TYPE)).id;
    old = await admin.issue(templateId, { serialNumber: "old" });
  });

  test("passes keep their tokens and go on being signed; new ones get the new entry's", async () => {
    const path = `/admin/v1/templates/${templateId}/passes`;
    const issued: Pass = await (await answerWith(rotated, path, { method: "POST" })).json();
    for (const [pass, keyId] of [
      [old, "1"],
      [issued, "2"],
    ] as const) {
      const link = new URL(pass.downloadUrl).pathname;
      const response = await answerWith(rotated, link);
      const { pass: json } = await accept(new Uint8Array(await response.arrayBuffer()));
      expect(json.authenticationToken).toMatch(new RegExp(`^ep${keyId}_`));
      const device = `/v1/passes/${PASS_TYPE}/${pass.serialNumber}`;
      const Authorization = `ApplePass ${json.authenticationToken}`;
      expect((await answerWith(rotated, device, { headers: { Authorization } })).status).toBe(200);
    }
  });
});

test("the platform's own request logs are off, and nothing secret stands in wrangler.toml", () => {
  expect(wranglerToml).toMatch(/\n\[observability\.logs\]\ninvocation_logs = false\n/);
  expect(wranglerToml).not.toMatch(/^\s*(ADMIN_TOKEN|MASTER_SECRET)\s*=/m);
  expect(wranglerToml).toMatch(/\nPUBLIC_ORIGIN = ""\n/);
});

test("a service that only this machine reaches takes a token that is easy to type", async () => {
  const settings = { PUBLIC_ORIGIN: "http://127.0.0.1:8787", ADMIN_TOKEN: "easy" };
  const request = new Request("http://127.0.0.1:8787/admin/v1/health", {
    headers: { Authorization: "Bearer easy" },
  });
  const answer = await worker.fetch(request, { ...env, ...settings }, createExecutionContext());
  expect(answer.status).toBe(200);
});
