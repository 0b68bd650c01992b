/**
 * MASTER_SECRET while it rotates: the hourly sweep seals anew under the newest entry what rests under an older one, no
 * row is lost by it whatever is missing or damaged, and the admin API says what an older entry is still needed for.
 */
import { createScheduledController } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeEach, expect, test, vi } from "vitest";
import { keyPlace } from "../../src/identities/pass-types.ts";
import worker from "../../src/index.ts";
import { openApnsKey } from "../../src/push/apns-keys.ts";
import { providerToken } from "../../src/push/provider-token.ts";
import { reseal } from "../../src/secrets/reseal.ts";
import { createSecrets } from "../../src/secrets/secrets.ts";
import { counted } from "../counting.ts";
import { ADMIN_TOKEN, admin, TEAM } from "../harness.ts";
import { db } from "../push/consume.ts";
import { ask, askWith } from "../wallet/web-service.ts";

const OLD = env.MASTER_SECRET ?? "";
const SECOND = `2:${"second-secret-".repeat(3)}`;
const THIRD = `3:${"third-secret-".repeat(3)}`;
const TABLES = { signing_keys: "private_key", apns_keys: "private_key", provider_tokens: "token" };

let passTypes = 0;
let passTypeIdentifier: string;
let keyId: string;

beforeEach(async () => {
  await env.DB.batch(
    [...Object.keys(TABLES), "passes"].map((table) => env.DB.prepare(`DELETE FROM ${table}`)),
  );
  passTypeIdentifier = `pass.test.reseal.${++passTypes}`;
  await admin.makePassType(passTypeIdentifier, TEAM, "P-256");
  keyId = await admin.makeApnsKey();
  await providerToken(db, createSecrets(OLD), await apnsKey(), Date.now());
});

async function apnsKey() {
  const row = await db.query.apnsKeys.findFirst();
  if (row === undefined) throw new Error("there is no APNs key");
  return row;
}

/** The hourly cron, under this secret. */
async function sweep(MASTER_SECRET: string) {
  await worker.scheduled(createScheduledController({ cron: "17 * * * *" }), { ...env, MASTER_SECRET });
}

/** What each sealed row begins with. */
async function entries(): Promise<Record<string, string[]>> {
  const read = Object.entries(TABLES).map(async ([table, column]) => {
    const { results } = await env.DB.prepare(`SELECT ${column} AS sealed FROM ${table}`).all<{
      sealed: string;
    }>();
    return [table, results.map(({ sealed }) => sealed.split(".")[0] ?? "")];
  });
  return Object.fromEntries(await Promise.all(read));
}
const allUnder = (entry: string) => ({
  signing_keys: [entry],
  apns_keys: [entry],
  provider_tokens: [entry],
});

/** Every sealed thing, opened with this secret. */
async function opened(MASTER_SECRET: string) {
  const secrets = createSecrets(MASTER_SECRET);
  const signing = await db.query.signingKeys.findFirst();
  const apns = await apnsKey();
  const place = keyPlace(passTypeIdentifier, signing?.publicKeyHash ?? "");
  const token = await db.query.providerTokens.findFirst();
  const tokenPlace = ["provider_tokens", keyId, "token", String(apns.createdAt)];
  return {
    signing: (await secrets.open(signing?.privateKey ?? "", place)).toHex(),
    apns: await openApnsKey(secrets, apns),
    token: (await secrets.open(token?.token ?? "", tokenPlace)).toHex(),
  };
}

async function needed(MASTER_SECRET: string) {
  const request = ask("GET", "/admin/v1/master-secret", { Authorization: `Bearer ${ADMIN_TOKEN}` });
  const answer = await askWith({ MASTER_SECRET }, request);
  expect(answer.status).toBe(200);
  return answer.json();
}

test("all that is sealed comes under the newest entry, is what it was, and needs the old one no more", async () => {
  expect(await entries()).toEqual(allUnder("1"));
  const before = await opened(OLD);
  await sweep(`${SECOND},${OLD}`);
  expect(await entries()).toEqual(allUnder("2"));
  expect(await opened(SECOND)).toEqual(before);
});

test("the sweep that finds nothing to do writes nothing, and reads little", async () => {
  const { env: counting, spent } = counted(env);
  await worker.scheduled(createScheduledController({ cron: "17 * * * *" }), counting);
  const { rowsWritten, rowsRead } = spent();
  expect(rowsWritten).toBe(0);
  expect(rowsRead).toBeLessThan(20);
});

test("what is sealed under an entry that is gone stays, and opens when the entry is put back", async () => {
  const before = await opened(OLD);
  const rows = await env.DB.prepare("SELECT * FROM signing_keys").all();
  await sweep(SECOND);
  await sweep(`${THIRD},${SECOND}`);
  expect((await env.DB.prepare("SELECT * FROM signing_keys").all()).results).toEqual(rows.results);
  expect(await opened(OLD)).toEqual(before);
  await sweep(`${THIRD},${SECOND},${OLD}`);
  expect(await opened(THIRD)).toEqual(before);
});

test("a row that does not open stays as it is and is logged by its table, and the others are moved", async () => {
  const logged = vi.spyOn(console, "error").mockImplementation(() => {});
  const sealed = await env.DB.prepare("SELECT private_key FROM apns_keys").first<string>("private_key");
  const damaged = `${sealed?.slice(0, -4)}AAAA`;
  await env.DB.prepare("UPDATE apns_keys SET private_key = ?").bind(damaged).run();
  await sweep(`${SECOND},${OLD}`);
  expect(await entries()).toEqual({ ...allUnder("2"), apns_keys: ["1"] });
  expect(await env.DB.prepare("SELECT private_key FROM apns_keys").first("private_key")).toBe(damaged);
  const lines = logged.mock.calls.map(([line]) => String(line));
  expect(lines.map((line) => JSON.parse(line))).toEqual([
    { event: "not_resealed", table: "apns_keys", row: keyId, error: expect.any(String) },
  ]);
  expect(lines.join()).not.toContain(damaged);
  logged.mockRestore();
});

test("what is replaced while the sweep seals is not overwritten", async () => {
  const secrets = createSecrets(`${SECOND},${OLD}`);
  const another = await secrets.seal(new TextEncoder().encode("another"), [
    "apns_keys",
    keyId,
    "private_key",
  ]);
  const replacing = {
    ...secrets,
    async open(sealed: string, place: readonly string[]) {
      await env.DB.prepare("UPDATE apns_keys SET private_key = ?").bind(another).run();
      return secrets.open(sealed, place);
    },
  };
  expect(await reseal(db, replacing)).toBe(2);
  expect((await apnsKey()).privateKey).toBe(another);
});

test("more than one sweep takes is moved by the next", async () => {
  const secrets = createSecrets(OLD);
  const many = Array.from({ length: 150 }, (_, i) => `many-${i}`);
  const statement = env.DB.prepare("INSERT INTO signing_keys VALUES (?, ?, 'P-256', ?, NULL, 0)");
  await env.DB.batch(
    await Promise.all(
      many.map(async (hash) => {
        const sealed = await secrets.seal(new Uint8Array(3), keyPlace(passTypeIdentifier, hash));
        return statement.bind(passTypeIdentifier, hash, sealed);
      }),
    ),
  );
  await sweep(`${SECOND},${OLD}`);
  await sweep(`${SECOND},${OLD}`);
  expect((await entries()).signing_keys).toEqual(Array(151).fill("2"));
});

test("the API says what each older entry is still needed for, until nothing needs it", async () => {
  const template = await admin.makeTemplate(passTypeIdentifier);
  const [kept, deleted] = [await admin.issue(template.id), await admin.issue(template.id)];
  await admin.delete(deleted.id);
  expect(await needed(OLD)).toEqual({ newest: "1", older: [] });
  const both = `${SECOND},${OLD}`;
  const one = { keyId: "1", present: true, passes: 1, sealed: 3 };
  expect(await needed(both)).toEqual({ newest: "2", older: [one] });
  await sweep(both);
  expect(await needed(both)).toEqual({ newest: "2", older: [{ ...one, sealed: 0 }] });
  // An entry that was dropped too soon is named as missing.
  expect(await needed(`${THIRD},${SECOND}`)).toEqual({
    newest: "3",
    older: [
      { keyId: "2", present: true, passes: 0, sealed: 3 },
      { ...one, present: false, sealed: 0 },
    ],
  });
  await admin.delete(kept.id);
  expect(await needed(both)).toEqual({
    newest: "2",
    older: [{ keyId: "1", present: true, passes: 0, sealed: 0 }],
  });
  expect(await needed(SECOND)).toEqual({ newest: "2", older: [] });
});
