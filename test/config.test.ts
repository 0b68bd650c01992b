/**
 * The settings: one that is missing or wrong is reported with its cure and never with its value, until it is set only
 * /healthz?live works, and what MASTER_SECRET protects stays readable during its rotation.
 *
 * HKDF is RFC 5869, AES-GCM SP 800-38D; wrangler.toml is described at
 * https://developers.cloudflare.com/workers/wrangler/configuration/.
 */
import { createExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, test, vi } from "vitest";
import { type Env, readConfig } from "../src/config.ts";
import type { Sealed } from "../src/db/sealed.ts";
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

/** The Worker's answer with these settings. */
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
    ["PUBLIC_ORIGIN", "unsayable", "PUBLIC_ORIGIN must be an origin such as"],
    ["PUBLIC_ORIGIN", "/", "PUBLIC_ORIGIN must be an origin such as"],
    ["PUBLIC_ORIGIN", "https://unsayable.example//", "PUBLIC_ORIGIN must be an origin such as"],
    ["PUBLIC_ORIGIN", "https://unsayable.example/path", "PUBLIC_ORIGIN must be an origin such as"],
    ["PUBLIC_ORIGIN", "https://user:unsayable@example.com", "PUBLIC_ORIGIN must be an origin such as"],
    ["PUBLIC_ORIGIN", "ftp://unsayable.example", "PUBLIC_ORIGIN must be an origin such as"],
    [
      "ADMIN_TOKEN",
      undefined,
      "ADMIN_TOKEN is missing (run: openssl rand -hex 32 | npx wrangler secret put ADMIN_TOKEN)",
    ],
    ["ADMIN_TOKEN", "", "ADMIN_TOKEN is missing"],
    ["ADMIN_TOKEN", "unsayable", "ADMIN_TOKEN must have at least 16 characters"],
    ["ADMIN_TOKEN", "unsayable token with spaces", "ADMIN_TOKEN must not contain white space"],
    [
      "MASTER_SECRET",
      undefined,
      "MASTER_SECRET is missing (run: openssl rand -base64 32 | npx wrangler secret put MASTER_SECRET; if there are passes already, put back",
    ],
    ["MASTER_SECRET", "unsayable", "MASTER_SECRET must have at least 32 characters in each entry"],
    ["MASTER_SECRET", `1:${OLD},2:unsayable`, "MASTER_SECRET must have at least 32 characters in each entry"],
    ["MASTER_SECRET", `1:${OLD},1:${NEW}unsayable`, "MASTER_SECRET has two entries with the same id"],
    ["MASTER_SECRET", `${OLD}unsayable,${NEW}`, "MASTER_SECRET has two entries with the same id"],
    ["MASTER_SECRET", " , ", "MASTER_SECRET contains no secret"],
    [
      "APNS_ORIGIN",
      "unsayable",
      "APNS_ORIGIN must be an origin such as https://passes.example.com, without a path (see Settings in the README)",
    ],
    ["TRUSTED_ROOTS", "unsayable", "TRUSTED_ROOTS must be SHA-256 fingerprints in hex"],
    ["AIA_ORIGIN", "https://unsayable/x", "AIA_ORIGIN must be an origin such as"],
    ["CORS_ORIGINS", "https://scan.example.com unsayable", "CORS_ORIGINS must be origins such as"],
    ["CORS_ORIGINS", "*", "CORS_ORIGINS must be origins such as"],
    ["KEEP_BUILT_PASSES", "unsayable", "KEEP_BUILT_PASSES "],
    [
      "DIALECTS",
      "passbook",
      'DIALECTS contains "passbook". Allowed are voltmx, airship, passdock, or the single word none',
    ],
    ["DIALECTS", "none, voltmx", 'DIALECTS contains "none". Allowed are'],
    [
      "LEGACY_AUTHORIZATION",
      "basic digest",
      'LEGACY_AUTHORIZATION contains "digest". Allowed are api_token, basic',
    ],
    ["TOKENS_PER_MESSAGE", "0", "TOKENS_PER_MESSAGE "],
    ["TOKENS_PER_MESSAGE", "unsayable", "TOKENS_PER_MESSAGE "],
    ["TOKENS_PER_MESSAGE", "901", "TOKENS_PER_MESSAGE "],
    ["REGISTRATIONS_PER_PASS", "-1", "REGISTRATIONS_PER_PASS "],
    ["ENVIRONMENT", "unsayable; rm", "ENVIRONMENT must be the name of an environment in wrangler.toml"],
    ["WALLET_BADGES", "en ../unsayable", "WALLET_BADGES "],
    ["GOOGLE_BADGES", "unsayable/x", "GOOGLE_BADGES "],
    ["AUDIT_DAYS", "0", "AUDIT_DAYS "],
    ["AUDIT_DAYS", "unsayable", "AUDIT_DAYS "],
  ];
  test.each(wrong)("%s = %j is reported with its cure, and without its value", async (name, value, what) => {
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
      expect(problem).toMatchObject({ code: "not_configured", title: "Service Unavailable" });
      expect(problem.detail).toContain(what);
      expect(problem.detail).toMatch(/^[A-Z_]+ .* \((set|run:|see) .*\)$/);
      expect(problem.detail.match(/\((set|run:|see) /g)).toHaveLength(1);
      expect(text).not.toMatch(/unsayable/);
      for (const secret of [OLD, NEW, ADMIN_TOKEN]) expect(text).not.toContain(secret);
    }
  });

  test("is reported together with all the others", async () => {
    const settings = { PUBLIC_ORIGIN: "", ADMIN_TOKEN: "", MASTER_SECRET: "" };
    const { detail }: Problem = await (await answerWith(settings, "/admin/v1/health")).json();
    expect(detail.match(/(\w+) is missing/g)).toEqual([
      "PUBLIC_ORIGIN is missing",
      "ADMIN_TOKEN is missing",
      "MASTER_SECRET is missing",
    ]);
  });

  test("is reported even if another one decides whether it is wrong", async () => {
    const settings = { PUBLIC_ORIGIN: "", ADMIN_TOKEN: "unsayable" };
    const { detail }: Problem = await (await answerWith(settings, "/admin/v1/health")).json();
    expect(detail).toMatch(/^ADMIN_TOKEN must have at least 16 characters .*; PUBLIC_ORIGIN is missing /);
  });

  test("is not cured by a new MASTER_SECRET if there was one, because its passes would be lost", async () => {
    const settings = { MASTER_SECRET: `1:${OLD},1:${NEW}` };
    const { detail }: Problem = await (await answerWith(settings, "/admin/v1/health")).json();
    expect(detail).not.toContain("openssl");
    expect(detail).toContain("(run: npx wrangler secret put MASTER_SECRET, and give it every old entry too");
  });

  test("is cured by commands for the environment of wrangler.toml that the Worker belongs to", async () => {
    const settings = { ENVIRONMENT: "staging", PUBLIC_ORIGIN: "", ADMIN_TOKEN: "", MASTER_SECRET: "" };
    const { detail }: Problem = await (await answerWith(settings, "/admin/v1/health")).json();
    expect(detail).toContain("set it under [env.staging.vars] in wrangler.toml");
    expect(detail).toContain("npx wrangler secret put ADMIN_TOKEN --env staging)");
    expect(detail).toContain("npx wrangler secret put MASTER_SECRET --env staging;");
  });

  test("is an error without details for a monitor, and does not affect /healthz?live", async () => {
    vi.spyOn(console, "error").mockImplementation(() => {});
    const health = await answerWith({ ADMIN_TOKEN: "" }, "/healthz");
    expect([health.status, await health.json()]).toEqual([503, { status: "error" }]);
    vi.restoreAllMocks();
    const live = await answerWith({ ADMIN_TOKEN: "" }, "/healthz?live");
    expect([live.status, await live.json()]).toEqual([200, { status: "ok" }]);
  });
});

test("optional settings have defaults", () => {
  const {
    APNS_ORIGIN: _a,
    AIA_ORIGIN: _i,
    TRUSTED_ROOTS: _r,
    GOOGLE_API_ORIGIN: _ga,
    GOOGLE_TOKEN_ORIGIN: _gt,
    GOOGLE_SAVE_ORIGIN: _gs,
    GOOGLE_KEYS_ORIGIN: _gk,
    ...least
  } = { ...env };
  const config = readConfig(least as Env);
  expect(config).toMatchObject({
    publicOrigin: ORIGIN,
    apnsOrigin: "https://api.push.apple.com",
    google: {
      api: "https://walletobjects.googleapis.com",
      token: "https://oauth2.googleapis.com",
      save: "https://pay.google.com",
      keys: "https://pay.google.com",
    },
    keepBuiltPasses: true,
    tokensPerMessage: 300,
    registrationsPerPass: 1000,
    auditDays: 90,
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

test.each(["https://passes.example.com/", "https://Passes.Example.COM", "https://passes.example.com:443"])(
  "PUBLIC_ORIGIN = %j is stored as URLs are compared: in lower case, without a slash and a default port",
  (text) => {
    expect(readConfig({ ...env, PUBLIC_ORIGIN: text }).publicOrigin).toBe("https://passes.example.com");
  },
);

test("TRUSTED_ROOTS are added to Apple's, in upper or lower case, separated by commas or white space", () => {
  const [one, two] = ["AB".repeat(32), "cd".repeat(32)];
  const { trustedRoots } = readConfig({ ...env, TRUSTED_ROOTS: ` ${one},\n${two} ` });
  expect([...trustedRoots].slice(2)).toEqual([one.toLowerCase(), two]);
});

test.each<[given: string, dialects: string[]]>([
  ["", ["voltmx", "airship", "passdock"]],
  ["none", []],
  [" none ", []],
  ["airship", ["airship"]],
  [" passdock,\nvoltmx ", ["voltmx", "passdock"]],
  ["airship airship", ["airship"]],
])("DIALECTS = %j enables %j", (given, dialects) => {
  expect([...readConfig({ ...env, DIALECTS: given }).dialects]).toEqual(dialects);
});

test.each<[given: string, paths: string[], keys: string[]]>([
  ["", ["/", "/api"], ["serial_number", "redeemed", "bar", "relevance"]],
  ["voltmx", ["/", "/api"], []],
  ["passdock", ["/"], ["serial_number", "redeemed", "bar", "relevance"]],
  ["none", ["/"], []],
])(
  "DIALECTS = %j serves Apple's web service under %j and reserves the field keys %j",
  (given, paths, keys) => {
    const { webServicePaths, reservedFieldKeys } = readConfig({ ...env, DIALECTS: given });
    expect([...webServicePaths]).toEqual(paths);
    expect([...reservedFieldKeys.keys()]).toEqual(keys);
  },
);

test.each<[given: string, ways: string[]]>([
  ["", ["api_token", "basic"]],
  ["none", []],
  ["basic", ["basic"]],
  ["basic,api_token", ["api_token", "basic"]],
])("LEGACY_AUTHORIZATION = %j accepts %j", (given, ways) => {
  expect([...readConfig({ ...env, LEGACY_AUTHORIZATION: given }).legacyAuthorization]).toEqual(ways);
});

describe("sealed text", () => {
  const plain = new TextEncoder().encode("a private key");
  const column = "signing_keys.private_key";
  const key = { passTypeIdentifier: "pass.a", publicKeyHash: "b" };

  test("can be opened for its row, and sealing the same text twice gives different results", async () => {
    const secrets = createSecrets(OLD);
    const sealed = await secrets.seal(column, key, plain);
    expect(sealed).toMatch(/^1\.[\w-]{16}\.[\w-]+$/);
    expect(await secrets.open(column, key, sealed)).toEqual(plain);
    expect(await secrets.seal(column, key, plain)).not.toBe(sealed);
  });

  test.each([
    { passTypeIdentifier: "pass.b", publicKeyHash: "b" },
    { passTypeIdentifier: "pass.a", publicKeyHash: "" },
    { passTypeIdentifier: "b", publicKeyHash: "pass.a" },
    { passTypeIdentifier: "pass.", publicKeyHash: "ab" },
    { passTypeIdentifier: 'pass.a","b', publicKeyHash: "" },
    { passTypeIdentifier: "pass.a,b", publicKeyHash: "" },
  ])("cannot be opened for another row (%j)", async (other) => {
    const secrets = createSecrets(OLD);
    await expect(secrets.open(column, other, await secrets.seal(column, key, plain))).rejects.toThrow();
  });

  test("cannot be opened for another column", async () => {
    const secrets = createSecrets(OLD);
    const sealed: string = await secrets.seal("apns_keys.private_key", { keyId: "1" }, plain);
    const moved = sealed as Sealed<"personalizations.info">;
    await expect(secrets.open("personalizations.info", { passId: 1 }, moved)).rejects.toThrow();
  });

  test("cannot be opened if a character of it was changed, or with another secret", async () => {
    const secrets = createSecrets(OLD);
    const sealed = await secrets.seal(column, key, plain);
    const open = (text: string, by = secrets) => by.open(column, key, text as typeof sealed);
    for (let at = 0; at < sealed.length; at++) {
      const other = sealed[at] === "A" ? "Q" : "A";
      await expect(open(sealed.slice(0, at) + other + sealed.slice(at + 1))).rejects.toThrow();
    }
    await expect(open(sealed, createSecrets(NEW))).rejects.toThrow();
    await expect(open("")).rejects.toThrow();
  });

  test("is sealed with the newest entry, and can be opened as long as its entry is in the list", async () => {
    const sealed = await createSecrets(OLD).seal(column, key, plain);
    const rotated = createSecrets(`2:${NEW}, 1:${OLD}`);
    expect(await rotated.open(column, key, sealed)).toEqual(plain);
    expect(await rotated.seal(column, key, plain)).toMatch(/^2\./);
    const withoutOld = createSecrets(`2:${NEW}`);
    await expect(withoutOld.open(column, key, sealed)).rejects.toThrow("no entry with the id 1");
    // The key id is authenticated too.
    const renamed = sealed.replace(/^1/, "2") as typeof sealed;
    await expect(createSecrets(`2:${OLD}`).open(column, key, renamed)).rejects.toThrow();
  });

  test("can be authenticated by codes that are valid under each entry of the list, for their purpose only", async () => {
    const rotated = createSecrets(`2:${NEW},1:${OLD}`);
    const code = await createSecrets(`1:${OLD}`).mac("1", "token", "message");
    expect(await rotated.verify("1", "token", "message", code)).toBe(true);
    expect(await rotated.verify("2", "token", "message", code)).toBe(false);
    expect(await rotated.verify("1", "other", "message", code)).toBe(false);
    expect(await rotated.verify("1", "token", "messagf", code)).toBe(false);
    expect(await rotated.verify("3", "token", "message", code)).toBe(false);
  });

  test("differs from a pass's token, which depends on the pass type, the serial number and the boundary between them", async () => {
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

  test("passes keep their tokens and are still signed; new passes get a token of the new entry", async () => {
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

test("the platform's own request logs are off, and wrangler.toml has no secret", () => {
  expect(wranglerToml).toMatch(/\n\[observability\.logs\]\ninvocation_logs = false\n/);
  expect(wranglerToml).not.toMatch(/^\s*(ADMIN_TOKEN|MASTER_SECRET)\s*=/m);
});

test("a service that only this machine can reach accepts a short ADMIN_TOKEN", async () => {
  const settings = { PUBLIC_ORIGIN: "http://127.0.0.1:8787", ADMIN_TOKEN: "easy" };
  const request = new Request("http://127.0.0.1:8787/admin/v1/health", {
    headers: { Authorization: "Bearer easy" },
  });
  const answer = await worker.fetch(request, { ...env, ...settings }, createExecutionContext());
  expect(answer.status).toBe(200);
});
