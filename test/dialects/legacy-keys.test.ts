/**
 * How clients of other systems send the key: as Bearer always; as the password of Basic and as `api_token` if the
 * setting LEGACY_AUTHORIZATION enables it.
 *
 * Follows RFC 6750 (Bearer), RFC 7617 (Basic) and RFC 9110 §11 (challenges).
 */
import { env } from "cloudflare:workers";
import { afterEach, describe, expect, test, vi } from "vitest";
import { type LegacyAuthorization, readConfig } from "../../src/config.ts";
import { openDatabase } from "../../src/db/client.ts";
import { authenticateLegacy, type Credentials } from "../../src/dialects/legacy-keys.ts";
import { ApiError } from "../../src/errors.ts";

const KEY = "the-key-of-the-tests:with-a-colon";
const ALL: LegacyAuthorization[] = ["api_token", "basic"];

afterEach(() => {
  vi.restoreAllMocks();
});

/** Base64 of UTF-8, as RFC 7617 §2.1 defines it for a challenge with charset="UTF-8". */
const base64 = (text: string) => new TextEncoder().encode(text).toBase64();
const basic = (user: string, password: string) => `Basic ${base64(`${user}:${password}`)}`;

interface Sent {
  readonly authorization?: string;
  readonly apiToken?: string;
}

/** How the clients of a dialect that takes this send the key. */
const wayOf = ({ apiToken }: Sent) => (apiToken === undefined ? ("basic" as const) : ("api_token" as const));

function toCredentials({ authorization, apiToken }: Sent): Credentials {
  const headers: Record<string, string> = authorization === undefined ? {} : { authorization };
  return { request: new Request("https://passes.example.com/", { headers }), apiToken };
}

/** @returns the actor, or the challenge of the refusal */
async function answerTo(
  credentials: Sent,
  allowed: readonly LegacyAuthorization[] = ALL,
  adminToken = KEY,
  way = wayOf(credentials),
): Promise<string> {
  const { secrets } = readConfig(env);
  const config = { adminToken, secrets, legacyAuthorization: new Set(allowed) };
  const authentication = { db: openDatabase(env.DB), config, now: 0, waitUntil: () => undefined };
  try {
    return (await authenticateLegacy(toCredentials(credentials), way, authentication)).actor;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    expect([error.status, error.code]).toEqual([401, "unauthorized"]);
    expect(error.message).not.toContain("the-key");
    return error.headers["WWW-Authenticate"] ?? "";
  }
}
const BEARER = 'Bearer realm="Edgepass"';
const BOTH = `${BEARER}, Basic realm="Edgepass", charset="UTF-8"`;

describe("the key is accepted", () => {
  test.each<[what: string, credentials: Sent]>([
    ["as Bearer", { authorization: `Bearer ${KEY}` }],
    ["as bearer in any letter case, with spaces", { authorization: `bEARER   ${KEY}  ` }],
    ["as the password of a user", { authorization: basic("anybody", KEY) }],
    ["as the password of an empty user", { authorization: basic("", KEY) }],
    [
      "as the password, with the scheme in any letter case",
      { authorization: basic("x", KEY).replace("Basic", "bASIC") },
    ],
    ["as api_token", { apiToken: KEY }],
    ["as api_token together with another scheme", { authorization: "ApplePass x", apiToken: KEY }],
    ["as api_token together with Basic without a password", { authorization: "Basic !", apiToken: KEY }],
  ])("%s", async (_what, credentials) => {
    expect(await answerTo(credentials)).toBe("admin");
  });

  test("as a Basic password that contains a colon, because the user ends at the first one", async () => {
    expect(await answerTo({ authorization: basic("user", "a:b:c") }, ALL, "a:b:c")).toBe("admin");
    expect(await answerTo({ authorization: basic("user:a", "b:c") }, ALL, "b:c")).toBe(BOTH);
  });

  test("as a Basic password that is not ASCII, in UTF-8", async () => {
    expect(await answerTo({ authorization: basic("usér", "ä-and-€") }, ALL, "ä-and-€")).toBe("admin");
  });
});

describe("the key is not accepted:", () => {
  test.each<[what: string, credentials: Sent]>([
    ["nothing", {}],
    ["empty texts", { authorization: "", apiToken: "" }],
    ["Bearer without a key", { authorization: "Bearer " }],
    ["a wrong key", { authorization: "Bearer wrong" }],
    ["the beginning of the key", { authorization: `Bearer ${KEY.slice(0, -1)}` }],
    ["the key without a scheme", { authorization: KEY }],
    ["the key as the user", { authorization: basic(KEY.replace(":", ""), "") }],
    ["the key with a colon as user and password", { authorization: `Basic ${base64(KEY)}` }],
    ["Basic without base64", { authorization: `Basic ${KEY}` }],
    ["Basic of an odd length", { authorization: `Basic ${basic("x", KEY).slice(7)}A` }],
    ["Basic without a colon", { authorization: `Basic ${base64("no-colon-here")}` }],
    ["Basic with an empty password", { authorization: basic("admin", "") }],
    ["an empty api_token", { apiToken: "" }],
    ["a wrong api_token", { apiToken: "wrong" }],
    ["two schemes in one header", { authorization: `Bearer ${KEY}, Basic x` }],
  ])("%s", async (_what, credentials) => {
    expect(await answerTo(credentials)).toBe(wayOf(credentials) === "basic" ? BOTH : BEARER);
  });

  test("as an empty key, even if ADMIN_TOKEN were empty", async () => {
    for (const credentials of [{}, { apiToken: "" }, { authorization: basic("x", "") }]) {
      expect(await answerTo(credentials, ALL, "")).not.toBe("admin");
    }
  });

  test("as a correct api_token with a wrong Bearer key, because Bearer takes precedence", async () => {
    expect(await answerTo({ authorization: "Bearer wrong", apiToken: KEY })).toBe(BEARER);
    expect(await answerTo({ authorization: `Bearer ${KEY}`, apiToken: "wrong" })).toBe("admin");
  });
});

test("each dialect accepts one way only, so that a Basic password that a browser sends automatically cannot write", async () => {
  const both = { authorization: basic("x", KEY), apiToken: "wrong" };
  expect(await answerTo(both, ALL, KEY, "api_token")).toBe(BEARER);
  expect(await answerTo({ apiToken: KEY }, ALL, KEY, "basic")).toBe(BOTH);
});

describe("a way that is disabled by the setting", () => {
  test("is refused, but Bearer is always accepted", async () => {
    const ways: [Sent, LegacyAuthorization | undefined][] = [
      [{ authorization: `Bearer ${KEY}` }, undefined],
      [{ authorization: basic("x", KEY) }, "basic"],
      [{ apiToken: KEY }, "api_token"],
    ];
    for (const allowed of [[], ["basic"], ["api_token"], ALL] as LegacyAuthorization[][]) {
      for (const [credentials, way] of ways) {
        const isAllowed = way === undefined || allowed.includes(way);
        expect((await answerTo(credentials, allowed)) === "admin").toBe(isAllowed);
      }
    }
  });

  test("is not offered: WWW-Authenticate names Basic only if Basic is accepted", async () => {
    expect(await answerTo({}, [])).toBe(BEARER);
    expect(await answerTo({}, ["api_token"])).toBe(BEARER);
    expect(await answerTo({}, ["basic"])).toBe(BOTH);
  });
});

test("the key is compared in constant time in every way", async () => {
  const compare = vi.spyOn(crypto.subtle, "timingSafeEqual");
  await answerTo({ authorization: `Bearer ${KEY}` });
  await answerTo({ authorization: basic("x", "wrong") });
  await answerTo({ apiToken: "wrong" });
  expect(compare).toHaveBeenCalledTimes(3);
});
