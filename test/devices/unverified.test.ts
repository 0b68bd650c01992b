/**
 * What is masked in texts that anyone can send (log lines, the User-Agent, lifecycle states), and where they are cut.
 *
 * Percent-encoding follows RFC 3986 §2.1 and §2.3.
 */
import { describe, expect, test } from "vitest";
import { maskUnverified } from "../../src/devices/unverified.ts";

const CODE = "hN0pYx-3k_Zq7VbT1mRw5sLd9uGf2cJa8eKo4iHy6Xz";
const TOKEN = `ep1_${CODE}`;
const HEX = "0123456789abcdef0123456789abcdef";
const encodeAll = (text: string) => text.replaceAll(/./g, (c) => `%${c.charCodeAt(0).toString(16)}`);

describe("masked", () => {
  test.each([
    ["a device id", `device ${HEX},`, "device …,"],
    ["a push token in upper case", HEX.repeat(2).toUpperCase(), "…"],
    ["the secret of a link", `https://x.test/p/7/${HEX}01234567`, "https://x.test/p/7/…"],
    [
      "the secret of a bundle's link",
      `/bundles/1-2/1_${"aB-_x".repeat(13)}.pkpasses`,
      "/bundles/1-2/….pkpasses",
    ],
    ["an authentication token", `"${TOKEN}".`, '"…".'],
    ["an authentication token in another letter case", TOKEN.toUpperCase(), "…"],
    ["one whose underscore is percent-encoded", `t=ep1%5F${CODE}`, "t=…"],
    ["one that is percent-encoded twice", `t=ep1%255f${CODE}`, "t=…"],
    ["one with each character percent-encoded", `t=${encodeAll(TOKEN)}`, "t=…"],
    ["a device id with each character percent-encoded", encodeAll(HEX), "…"],
    ["an Authorization header", "Authorization: ApplePass x.y z", "Authorization: ApplePass … z"],
    ["a Bearer key that is percent-encoded", "Bearer%20secret!", "Bearer …"],
    ["a Basic password", "basic YWRtaW46c2VjcmV0", "basic …"],
    ["api_token in an address", "GET /x?api_token=secret&page=2", "GET /x?api_token=…&page=2"],
    ["api_token in JSON", '{"api_token": "secret", "a": 1}', '{"api_token": "…", "a": 1}'],
    ["api_token that is percent-encoded", "u=%2Fx%3Fapi%5Ftoken%3Dsecret", "u=%2Fx%3Fapi_token%3D…"],
    ["pushToken in JSON", '{"pushToken":"fcm:short"}', '{"pushToken":"…"}'],
    ["a password", "password: hunter2", "password: …"],
  ])("%s", (_what, text, masked) => {
    expect(maskUnverified(text, 1000)).toBe(masked);
  });

  test("a secret is masked before the text is cut", () => {
    for (let at = 80; at <= 100; at++) {
      expect(maskUnverified("x".repeat(at) + TOKEN, 100)).not.toMatch(/ep1|hN0/);
      expect(maskUnverified("x ".repeat(at / 2) + HEX, 100)).not.toContain("0123");
    }
  });
});

test.each([
  [
    "a line of an iPhone",
    "[2026-11-22 12:00:00 +0000] Get pass task (serial number AB-07/2026) encountered error: 404",
  ],
  ["a User-Agent", "passd/1.0 CFNetwork/3826.400.120 Darwin/24.3.0"],
  ["a state", "added"],
  ["percent-encoding of other characters", "/v1/passes/pass.x/two%20words%2F%C3%A9"],
])("%s is stored as it is", (_what, text) => {
  expect(maskUnverified(text, 1000)).toBe(text);
});

test.each([
  ["at its length", "abc", "abc"],
  ["above its length", "abcd", "abc"],
  ["between the halves of a character", "ab🦊", "ab"],
  ["after a character", "a🦊b", "a🦊"],
  ["with half of a character in it", "a\ud800b", "a\ufffdb"],
  ["with half of a character at the end", "ab\ud83e", "ab\ufffd"],
])("a text is cut %s", (_what, text, kept) => {
  expect(maskUnverified(text, 3)).toBe(kept);
});
