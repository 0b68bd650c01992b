/**
 * The secret part of a pass's links: the service recognizes its own without a query, and no others.
 */
import { expect, test } from "vitest";
import { createWebToken, isOwnWebToken } from "../../src/passes/web-token.ts";
import { createSecrets } from "../../src/secrets/secrets.ts";

const secrets = createSecrets(`1:${"a".repeat(32)}`);

test("a token has 40 hexadecimal digits, is another one each time, and is recognized", async () => {
  const tokens = await Promise.all(Array.from({ length: 50 }, () => createWebToken(secrets)));
  expect(new Set(tokens.map((token) => token.slice(0, 24))).size).toBe(50);
  for (const token of tokens) {
    expect(token).toMatch(/^[0-9a-f]{40}$/);
    expect(await isOwnWebToken(secrets, token)).toBe(true);
  }
});

test("a token with another digit, of another length or of another MASTER_SECRET is not recognized", async () => {
  const token = await createWebToken(secrets);
  for (let at = 0; at < token.length; at++) {
    const other = token[at] === "0" ? "1" : "0";
    expect(await isOwnWebToken(secrets, token.slice(0, at) + other + token.slice(at + 1))).toBe(false);
  }
  for (const other of ["", token.slice(1), `${token}0`, token.toUpperCase(), "g".repeat(40)])
    expect(await isOwnWebToken(secrets, other)).toBe(false);
  expect(await isOwnWebToken(createSecrets(`1:${"b".repeat(32)}`), token)).toBe(false);
});

test("a token is recognized after a rotation, as long as its entry of MASTER_SECRET is there", async () => {
  const token = await createWebToken(secrets);
  const [newer, older] = [`2:${"b".repeat(32)}`, `1:${"a".repeat(32)}`];
  expect(await isOwnWebToken(createSecrets(`${newer},${older}`), token)).toBe(true);
  expect(await isOwnWebToken(createSecrets(newer), token)).toBe(false);
});
