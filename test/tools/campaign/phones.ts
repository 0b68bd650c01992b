/**
 * The phones of a campaign: the rows that a server has for each, and what each does after its push: some seconds later
 * it lists its updated passes and fetches the one that is named.
 *
 * Follows Apple's "Get the list of updatable passes" and "Send an updated pass".
 */
import { authenticationToken } from "../../../src/passes/token.ts";
import { createSecrets, type Secrets } from "../../../src/secrets/secrets.ts";
import { type SeededPhone, seed } from "../load/seed.ts";
import { ORIGIN } from "../model/client.ts";
import type { Random } from "../model/random.ts";
import type { World } from "../model/world.ts";

/** The name of every phone, in the trace and in the counts. */
export const PHONE = "phone";
/** How long after APNs' answer a phone asks. In the constant part of a campaign the rate does not depend on it. */
const ASKS_AFTER_MS = { least: 1000, most: 6000 } as const;
const SEEDED_AT_ONCE = 5000;

export interface Fleet {
  readonly passTypeIdentifier: string;
  readonly secrets: Secrets;
  readonly byToken: ReadonlyMap<string, SeededPhone>;
  /** The tag that all of them have. */
  readonly tag: string;
}

/** Inserts this many phones, each with one pass of the template. */
export async function seedFleet(
  db: D1Database,
  template: { readonly id: number; readonly passTypeIdentifier: string },
  count: number,
  { random, masterSecret, at }: { random: Random; masterSecret: string; at: number },
): Promise<Fleet> {
  const { id: templateId, passTypeIdentifier } = template;
  const secrets = createSecrets(masterSecret);
  const byToken = new Map<string, SeededPhone>();
  let tag = "0";
  while (byToken.size < count) {
    const phones = Array.from({ length: Math.min(SEEDED_AT_ONCE, count - byToken.size) }, (_, index) => ({
      serialNumber: `campaign-${byToken.size + index + 1}`,
      deviceLibraryIdentifier: random.hex(16),
      pushToken: random.hex(32),
      webToken: random.hex(20),
    }));
    ({ tag } = await seed(db, {
      passTypeIdentifier,
      templateId,
      tokenKeyId: secrets.newestKeyId,
      at,
      phones,
    }));
    for (const phone of phones) byToken.set(phone.pushToken, phone);
  }
  return { passTypeIdentifier, secrets, byToken, tag };
}

/** What a phone does after a push. @throws Error if the answers are not those of a change of its template */
export async function askForUpdate(world: World, fleet: Fleet, phone: SeededPhone): Promise<void> {
  const { schedule } = world;
  const { passTypeIdentifier, secrets, tag } = fleet;
  const { serialNumber, deviceLibraryIdentifier } = phone;
  const { least, most } = ASKS_AFTER_MS;
  await schedule.sleep(schedule.random.between(least, most), "a phone asks");
  const device = `devices/${deviceLibraryIdentifier}/registrations/${passTypeIdentifier}`;
  const list = await ask(world, `${device}?passesUpdatedSince=${tag}`);
  const { serialNumbers } = (await list.json()) as { serialNumbers: readonly string[] };
  if (serialNumbers.join() !== serialNumber) throw new Error("a list named another pass than the phone's");
  // WebCrypto computes on another thread, which the schedule has to wait for.
  const token = await schedule.awaitElsewhere(
    authenticationToken(secrets, secrets.newestKeyId, passTypeIdentifier, serialNumber),
  );
  const headers = { authorization: `ApplePass ${token}` };
  const pass = await ask(world, `passes/${passTypeIdentifier}/${serialNumber}`, headers);
  const body = Buffer.from(await pass.arrayBuffer());
  if (!body.includes(serialNumber)) throw new Error("a fetch brought another phone's pass");
}

async function ask(world: World, path: string, headers: Record<string, string> = {}): Promise<Response> {
  const response = await world.request(new Request(`${ORIGIN}/v1/${path}`, { headers }), PHONE);
  if (response.status !== 200) throw new Error(`a phone was answered ${response.status}`);
  return response;
}
