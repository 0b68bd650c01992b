/**
 * The ways in which clients of other systems bring the key: Bearer always; the password of Basic, and `api_token`, as
 * far as the setting LEGACY_AUTHORIZATION lets them.
 *
 * Follows RFC 6750 (Bearer), RFC 7617 (Basic) and RFC 9110 §11 (challenges).
 */
import { afterEach, describe, expect, test, vi } from "vitest";
import type { LegacyAuthorization } from "../../src/config.ts";
import { authenticateLegacy, type Credentials } from "../../src/dialects/legacy-keys.ts";
import { ApiError } from "../../src/errors.ts";

const KEY = "the-key-of-the-tests:with-ä-and-€";
const ALL: LegacyAuthorization[] = ["api_token", "basic"];

afterEach(() => {
  vi.restoreAllMocks();
});

/** Base64 of the UTF-8, as RFC 7617 §2.1 has it where the challenge says charset="UTF-8". */
const base64 = (text: string) => new TextEncoder().encode(text).toBase64();
const basic = (user: string, password: string) => `Basic ${base64(`${user}:${password}`)}`;

/** The door that a client with these would knock at. */
const wayOf = ({ apiToken }: Partial<Credentials>) =>
  apiToken === undefined ? ("basic" as const) : ("api_token" as const);

/** @returns the actor, or the challenge of the refusal */
async function answerTo(
  credentials: Partial<Credentials>,
  allowed: readonly LegacyAuthorization[] = ALL,
  adminToken = KEY,
  way = wayOf(credentials),
): Promise<string> {
  const config = { adminToken, legacyAuthorization: new Set(allowed) };
  try {
    return (await authenticateLegacy({ authorization: undefined, ...credentials }, way, config)).actor;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    expect([error.status, error.code]).toEqual([401, "unauthorized"]);
    expect(error.message).not.toContain("the-key");
    return error.headers["WWW-Authenticate"] ?? "";
  }
}
const BEARER = 'Bearer realm="Edgepass"';
const BOTH = `${BEARER}, Basic realm="Edgepass", charset="UTF-8"`;

describe("the key opens", () => {
  test.each<[what: string, credentials: Partial<Credentials>]>([
    ["as Bearer", { authorization: `Bearer ${KEY}` }],
    ["as bearer, in any case and with spaces", { authorization: `bEARER   ${KEY}  ` }],
    ["as the password of a user", { authorization: basic("anybody", KEY) }],
    ["as the password of nobody", { authorization: basic("", KEY) }],
    ["as the password, the scheme in any case", { authorization: basic("x", KEY).replace("Basic", "bASIC") }],
    ["as api_token", { apiToken: KEY }],
    ["as api_token beside another scheme", { authorization: "ApplePass x", apiToken: KEY }],
    ["as api_token beside Basic without a password", { authorization: "Basic !", apiToken: KEY }],
  ])("%s", async (_what, credentials) => {
    expect(await answerTo(credentials)).toBe("admin");
  });

  test("also where it holds a colon: the user ends at the first one", async () => {
    expect(await answerTo({ authorization: basic("user", "a:b:c") }, ALL, "a:b:c")).toBe("admin");
    expect(await answerTo({ authorization: basic("user:a", "b:c") }, ALL, "b:c")).toBe(BOTH);
  });
});

describe("nothing else opens", () => {
  test.each<[what: string, credentials: Partial<Credentials>]>([
    ["nothing", {}],
    ["empty texts", { authorization: "", apiToken: "" }],
    ["Bearer without a key", { authorization: "Bearer " }],
    ["a wrong key", { authorization: "Bearer wrong" }],
    ["the beginning of the key", { authorization: `Bearer ${KEY.slice(0, -1)}` }],
    ["the key without a scheme", { authorization: KEY }],
    ["the key as the user", { authorization: basic(KEY.replace(":", ""), "") }],
    ["the key as user and password empty", { authorization: `Basic ${base64(KEY)}` }],
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

  test("an empty key, even if the setting were empty", async () => {
    for (const credentials of [{}, { apiToken: "" }, { authorization: basic("x", "") }]) {
      expect(await answerTo(credentials, ALL, "")).not.toBe("admin");
    }
  });

  test("a right key behind a wrong one: Bearer decides where it is there", async () => {
    expect(await answerTo({ authorization: "Bearer wrong", apiToken: KEY })).toBe(BEARER);
    expect(await answerTo({ authorization: `Bearer ${KEY}`, apiToken: "wrong" })).toBe("admin");
  });
});

test("a way is good at its own door only: what a browser sends by itself opens nothing that writes", async () => {
  const both = { authorization: basic("x", KEY), apiToken: "wrong" };
  expect(await answerTo(both, ALL, KEY, "api_token")).toBe(BEARER);
  expect(await answerTo({ apiToken: KEY }, ALL, KEY, "basic")).toBe(BOTH);
});

describe("what the setting leaves out", () => {
  test("does not open, and Bearer always does", async () => {
    const ways: [Partial<Credentials>, LegacyAuthorization | undefined][] = [
      [{ authorization: `Bearer ${KEY}` }, undefined],
      [{ authorization: basic("x", KEY) }, "basic"],
      [{ apiToken: KEY }, "api_token"],
    ];
    for (const allowed of [[], ["basic"], ["api_token"], ALL] as LegacyAuthorization[][]) {
      for (const [credentials, way] of ways) {
        const opens = way === undefined || allowed.includes(way);
        expect((await answerTo(credentials, allowed)) === "admin").toBe(opens);
      }
    }
  });

  test("is not offered: the challenge names Basic only where Basic opens", async () => {
    expect(await answerTo({}, [])).toBe(BEARER);
    expect(await answerTo({}, ["api_token"])).toBe(BEARER);
    expect(await answerTo({}, ["basic"])).toBe(BOTH);
  });
});

test("every way is compared by the platform's constant-time function", async () => {
  const compare = vi.spyOn(crypto.subtle, "timingSafeEqual");
  await answerTo({ authorization: `Bearer ${KEY}` });
  await answerTo({ authorization: basic("x", "wrong") });
  await answerTo({ apiToken: "wrong" });
  expect(compare).toHaveBeenCalledTimes(3);
});
