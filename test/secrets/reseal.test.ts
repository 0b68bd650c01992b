/**
 * Rotation of MASTER_SECRET, for every column of SEALED_COLUMNS: the hourly sweep seals again under the newest entry what
 * is sealed under an older one, no row is lost whatever is missing or damaged, and the admin API reports what an older
 * entry is still needed for.
 */
import { createScheduledController } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeEach, expect, test, vi } from "vitest";
import { readConfig } from "../../src/config.ts";
import { apnsKeys, passes, personalizations, signingKeys } from "../../src/db/schema.ts";
import type { Sealed, SealedColumnName } from "../../src/db/sealed.ts";
import { renewAccessToken } from "../../src/google-wallet/access-token.ts";
import { findIssuer } from "../../src/google-wallet/issuers.ts";
import worker from "../../src/index.ts";
import { sealPersonalData } from "../../src/passes/personal-data.ts";
import { providerToken } from "../../src/push/provider-token.ts";
import { reseal } from "../../src/secrets/reseal.ts";
import { SEALED_COLUMNS, type SealedKeys } from "../../src/secrets/sealed-columns.ts";
import { createSecrets, type Secrets } from "../../src/secrets/secrets.ts";
import { counted } from "../counting.ts";
import { makeIssuer, scriptedGoogle } from "../google-wallet/accounts.ts";
import { ADMIN_TOKEN, admin, TEAM } from "../harness.ts";
import { db } from "../push/consume.ts";
import { deleteRows, rowsOf, setRows } from "../rows.ts";
import { ask, askWith } from "../wallet/web-service.ts";

const OLD = env.MASTER_SECRET ?? "";
const SECOND = `2:${"second-secret-".repeat(3)}`;
const THIRD = `3:${"third-secret-".repeat(3)}`;
const COLUMNS = Object.keys(SEALED_COLUMNS) as SealedColumnName[];

let passTypes = 0;
let passTypeIdentifier: string;
let keyId: string;

/** One row in the table of every sealed column. For a new column in SEALED_COLUMNS, add a row here. */
beforeEach(async () => {
  for (const table of [...COLUMNS.map((name) => SEALED_COLUMNS[name].table), passes]) await deleteRows(table);
  passTypeIdentifier = `pass.test.reseal.${++passTypes}`;
  await admin.makePassType(passTypeIdentifier, TEAM, "P-256");
  keyId = await admin.makeApnsKey();
  const secrets = createSecrets(OLD);
  await providerToken(db, secrets, await apnsKey(), Date.now());
  const info = await sealPersonalData(secrets, 1, { fullName: "Ada" });
  await db.insert(personalizations).values({ passId: 1, info, receivedAt: 0 });
  const issuer = await findIssuer(db, await makeIssuer());
  const { fetch } = scriptedGoogle();
  await renewAccessToken({ db, config: { ...readConfig(env), secrets }, fetch, now: Date.now() }, issuer);
});

async function apnsKey() {
  const [row] = await db.select().from(apnsKeys).limit(1);
  if (row === undefined) throw new Error("there is no APNs key");
  return row;
}

/** The hourly cron, under this secret. */
async function sweep(MASTER_SECRET: string) {
  await worker.scheduled(createScheduledController({ cron: "17 * * * *" }), { ...env, MASTER_SECRET });
}

/** The sealed texts of each column, with their keys. */
async function select<Name extends SealedColumnName>(name: Name) {
  const { table, column, key } = SEALED_COLUMNS[name];
  const rows = await db.select({ sealed: column, key }).from(table);
  return rows as { sealed: Sealed<Name>; key: SealedKeys[Name] }[];
}

/** Column → the entries that its texts are sealed with. */
async function entries(): Promise<Record<string, string[]>> {
  const read = COLUMNS.map(async (name) => {
    return [name, (await select(name)).map(({ sealed }) => sealed.split(".")[0] ?? "")];
  });
  return Object.fromEntries(await Promise.all(read));
}
const allUnder = (entry: string) => Object.fromEntries(COLUMNS.map((name) => [name, [entry]]));

/** Column → its values, opened with this secret. */
async function opened(MASTER_SECRET: string): Promise<Record<string, string[]>> {
  const secrets = createSecrets(MASTER_SECRET);
  const read = COLUMNS.map(async (name) => [name, await openAll(secrets, name)]);
  return Object.fromEntries(await Promise.all(read));
}

async function openAll<Name extends SealedColumnName>(secrets: Secrets, name: Name): Promise<string[]> {
  const rows = await select(name);
  return Promise.all(rows.map(async ({ sealed, key }) => (await secrets.open(name, key, sealed)).toHex()));
}

async function needed(MASTER_SECRET: string) {
  const request = ask("GET", "/admin/v1/master-secret", { Authorization: `Bearer ${ADMIN_TOKEN}` });
  const answer = await askWith({ MASTER_SECRET }, request);
  expect(answer.status).toBe(200);
  return answer.json();
}

test("every sealed column is resealed under the newest entry, and no longer needs the old one", async () => {
  expect(await entries()).toEqual(allUnder("1"));
  const before = await opened(OLD);
  await sweep(`${SECOND},${OLD}`);
  expect(await entries()).toEqual(allUnder("2"));
  expect(await opened(SECOND)).toEqual(before);
});

test.each(COLUMNS)(
  "a row of %s under an older entry is counted, resealed, and then no longer counted",
  async (name) => {
    for (const other of COLUMNS) {
      const [table, column] = other.split(".");
      if (other !== name) await env.DB.exec(`UPDATE ${table} SET ${column} = '2.under.newest'`);
    }
    const before = await openAll(createSecrets(OLD), name);
    expect(before).toHaveLength(1);
    const both = `${SECOND},${OLD}`;
    const older = { keyId: "1", present: true, passes: 0, keys: 0 };
    expect(await needed(both)).toEqual({ newest: "2", older: [{ ...older, sealed: 1 }] });
    await sweep(both);
    expect(await openAll(createSecrets(SECOND), name)).toEqual(before);
    expect(await needed(both)).toEqual({ newest: "2", older: [{ ...older, sealed: 0 }] });
  },
);

test("a sweep with nothing to reseal writes nothing and reads few rows", async () => {
  const { env: counting, spent } = counted(env);
  await worker.scheduled(createScheduledController({ cron: "17 * * * *" }), counting);
  const { rowsWritten, rowsRead } = spent();
  expect(rowsWritten).toBe(0);
  expect(rowsRead).toBeLessThan(40);
});

test("a row under a missing entry is left unchanged, and can be opened when the entry is restored", async () => {
  const before = await opened(OLD);
  const rows = await rowsOf(signingKeys);
  await sweep(SECOND);
  await sweep(`${THIRD},${SECOND}`);
  expect(await rowsOf(signingKeys)).toEqual(rows);
  expect(await opened(OLD)).toEqual(before);
  await sweep(`${THIRD},${SECOND},${OLD}`);
  expect(await opened(THIRD)).toEqual(before);
});

test("a row that cannot be opened is left unchanged and logged by table and key, and the others are resealed", async () => {
  const logged = vi.spyOn(console, "error").mockImplementation(() => {});
  const { privateKey: sealed } = await apnsKey();
  const damaged = `${sealed.slice(0, -4)}AAAA` as typeof sealed;
  await setRows(apnsKeys, {}, { privateKey: damaged });
  await sweep(`${SECOND},${OLD}`);
  expect(await entries()).toEqual({ ...allUnder("2"), "apns_keys.private_key": ["1"] });
  expect((await apnsKey()).privateKey).toBe(damaged);
  const lines = logged.mock.calls.map(([line]) => String(line));
  expect(lines.map((line) => JSON.parse(line))).toEqual([
    { event: "reseal_failed", table: "apns_keys", row: keyId, error: expect.any(String) },
  ]);
  expect(lines.join()).not.toContain(damaged);
  logged.mockRestore();
});

test("a row that is replaced during the sweep is not overwritten", async () => {
  const secrets = createSecrets(`${SECOND},${OLD}`);
  const another = await secrets.seal("apns_keys.private_key", { keyId }, new Uint8Array(3));
  const replacing: Secrets = {
    ...secrets,
    async open(column, key, sealed) {
      if (column === "apns_keys.private_key") await setRows(apnsKeys, {}, { privateKey: another });
      return secrets.open(column, key, sealed);
    },
  };
  expect(await reseal(db, replacing)).toBe(COLUMNS.length - 1);
  expect((await apnsKey()).privateKey).toBe(another);
});

test("more rows than one round takes are resealed", async () => {
  const secrets = createSecrets(OLD);
  const many = await Promise.all(
    Array.from({ length: 150 }, async (_, i) => {
      const key = { passTypeIdentifier, publicKeyHash: `many-${i}` };
      const privateKey = await secrets.seal("signing_keys.private_key", key, new Uint8Array(3));
      return { ...key, algorithm: "P-256" as const, privateKey, createdAt: 0 };
    }),
  );
  for (let at = 0; at < many.length; at += 10) await db.insert(signingKeys).values(many.slice(at, at + 10));
  await sweep(`${SECOND},${OLD}`);
  await sweep(`${SECOND},${OLD}`);
  expect((await entries())["signing_keys.private_key"]).toEqual(Array(151).fill("2"));
});

test("the API reports the uses of each older entry until there are none", async () => {
  const template = await admin.makeTemplate(passTypeIdentifier);
  const [kept, deleted] = [await admin.issue(template.id), await admin.issue(template.id)];
  await admin.delete(deleted.id);
  expect(await needed(OLD)).toEqual({ newest: "1", older: [] });
  const both = `${SECOND},${OLD}`;
  const one = { keyId: "1", present: true, passes: 1, sealed: COLUMNS.length, keys: 0 };
  expect(await needed(both)).toEqual({ newest: "2", older: [one] });
  await sweep(both);
  expect(await needed(both)).toEqual({ newest: "2", older: [{ ...one, sealed: 0 }] });
  // An entry that was removed too early is listed as not present.
  expect(await needed(`${THIRD},${SECOND}`)).toEqual({
    newest: "3",
    older: [
      { keyId: "2", present: true, passes: 0, sealed: COLUMNS.length, keys: 0 },
      { ...one, present: false, sealed: 0 },
    ],
  });
  await admin.delete(kept.id);
  expect(await needed(both)).toEqual({
    newest: "2",
    older: [{ keyId: "1", present: true, passes: 0, sealed: 0, keys: 0 }],
  });
  expect(await needed(SECOND)).toEqual({ newest: "2", older: [] });
});
