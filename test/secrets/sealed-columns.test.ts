/**
 * The table of sealed columns: its names are those of the database, and texts that an earlier version sealed still open.
 */
import { getTableName } from "drizzle-orm";
import { expect, test } from "vitest";
import type { Sealed, SealedColumnName } from "../../src/db/sealed.ts";
import { SEALED_COLUMNS, type SealedKeys } from "../../src/secrets/sealed-columns.ts";
import { createSecrets } from "../../src/secrets/secrets.ts";

const COLUMNS = Object.keys(SEALED_COLUMNS) as SealedColumnName[];
const secrets = createSecrets("1:secret-of-the-tests-with-32-characters");

/** Sealed before this table existed. If one of them no longer opens, neither does what operators have stored. */
const STORED: {
  readonly [Name in SealedColumnName]: [key: SealedKeys[Name], plain: string, sealed: string];
} = {
  "signing_keys.private_key": [
    { passTypeIdentifier: "pass.com.example", publicKeyHash: "ab12" },
    "a signing key",
    "1.WXX2-CBH5Gw01NwR.v4Bz6MEaPPSrjm2wDSDpwfYHKqOtU5LVN3n1TfQ",
  ],
  "apns_keys.private_key": [
    { keyId: "KEY0000001" },
    "an APNs key",
    "1.32CpuHdh60fmyLkD.ubHnticUUqlMUkGdYdmpsDV0gUpqyeEvi8aZ",
  ],
  "provider_tokens.token": [
    { keyId: "KEY0000001", createdAt: 1_700_000_000_000 },
    "a provider token",
    "1.OKLZWP4NHtE-HyWv.4TyLd_NBqDCbWALaCX5DwLh_uP7ZhIRSTdwSGXMVFv4",
  ],
  "personalizations.info": [
    { passId: 42 },
    "personal data",
    "1.sCQ8GuIUCNwT6H0W._k7GyT6SHAD8otRTF-5WMAoi05DBtyu6rFSCLbU",
  ],
  "google_issuers.private_key": [
    { issuerId: "3388000000012345678" },
    "a service account's key",
    "1.6BIT0x4rTW50NNQo.xNLq-Y9KEniekGtlEG5pj4dY4_ZzmANFUQy72Jn8G7ej-vszuBFo",
  ],
  "google_tokens.token": [
    { issuerId: "3388000000012345678", privateKeyId: "0123ab" },
    "an access token",
    "1.VsWaUZFmt5tcK0Fc.30Q2fyI1OqOTSsWyyX4euZtqAPiz1dgOensJIldz9A",
  ],
};

test.each(COLUMNS)("%s is the table and the column of its entry", (name) => {
  const { table, column } = SEALED_COLUMNS[name];
  expect(`${getTableName(table)}.${column.name}`).toBe(name);
  expect(column.table).toBe(table);
});

async function openStored<Name extends SealedColumnName>(name: Name): Promise<string> {
  const [key, , sealed] = STORED[name];
  return new TextDecoder().decode(await secrets.open(name, key, sealed as Sealed<Name>));
}

test.each(COLUMNS)("a stored text of %s can be opened, but only for its own row", async (name) => {
  const [key, plain, sealed] = STORED[name];
  expect(await openStored(name)).toBe(plain);
  for (const [member, value] of Object.entries(key)) {
    const other = { ...key, [member]: `${value}1` };
    await expect(secrets.open(name, other, sealed as Sealed<typeof name>)).rejects.toThrow();
  }
});
