/**
 * Registrations: which device is notified of changes of which pass. The write is one idempotent batch, because clients
 * repeat requests.
 *
 * The caller has checked the token; conditions on the rows check everything else. Follows Apple's "Register a pass for
 * update notifications".
 */
import { and, isNotNull, isNull, ne, or, type SQL, sql } from "drizzle-orm";
import { effectiveTag } from "../changes/effective.ts";
import { recordUnseen } from "../changes/log.ts";
import { TARGETS } from "../changes/targets.ts";
import type { Context } from "../context.ts";
import { repeatableBatchOf } from "../db/batch.ts";
import { chain } from "../db/chain.ts";
import type { Database } from "../db/client.ts";
import { devices, passes, registrations } from "../db/schema.ts";
import { selectInto } from "../db/select-into.ts";
import {
  type DeviceOfPass,
  isOfDevice,
  isRegistered,
  matchesLivingPass,
  matchesPass,
} from "./device-of-pass.ts";

/** The push service that a token belongs to. Only Apple's tokens are sent to APNs. */
export type Client = "apple" | "androidpass" | "walletunionpass" | "other";

export interface NewRegistration extends DeviceOfPass {
  readonly pushToken: string;
  readonly client: Client;
}

export type Registered = "registered" | "already_registered" | "full" | "deleted" | "unknown";

/**
 * Registers the device for the pass and saves its pushToken, also for its other registrations: the token belongs to the
 * phone, and a phone that rotated its token sends the new one only once.
 */
export async function register(
  context: Pick<Context, "db" | "config" | "actor" | "now">,
  device: NewRegistration,
): Promise<Registered> {
  const { db, config, now } = context;
  const { passTypeIdentifier, deviceLibraryIdentifier } = device;
  const { registration, rows } = await repeatableBatchOf(db, {
    registration: chain({
      inserted: insertRegistration(db, device, config.registrationsPerPass, now),
      installed: (wrote) => markInstalled(db, device, wrote, now),
    }),
    // Its id is the one that listedFrom names.
    listed: recordUnseen(context, "registered", and(matchesLivingPass(device), isAhead(device))),
    device: saveDevice(db, device, now),
    refreshed: refreshRegistrations(db, device, now),
    rows: db
      .select({
        deletedAt: passes.deletedAt,
        registered: sql<number>`EXISTS (SELECT 1 FROM registrations WHERE registrations.pass_type_identifier = ${passTypeIdentifier}
          AND registrations.device_library_identifier = ${deviceLibraryIdentifier} AND registrations.pass_id = passes.id)`,
      })
      .from(passes)
      .where(matchesPass(device)),
  });
  if (registration.inserted.meta.changes > 0) return "registered";
  const pass = rows[0];
  if (pass === undefined) return "unknown";
  if (pass.deletedAt !== null) return "deleted";
  return pass.registered ? "already_registered" : "full";
}

/**
 * Inserts the registration, unless it exists or the pass has reached the limit.
 *
 * A pass may change between its download and its registration. If the device then already has a greater tag, from another
 * pass, no list names this one. iPhones fetch the pass after they have registered it, but Apple does not document that, and
 * other wallets may not do so. So the next list names the pass once if the version that was downloaded last is not the
 * current one, or if the wallet is not Apple's. An iPhone would log an error if nothing had changed, so it is not done for
 * the later registrations of a pass, where the version that the phone has is unknown.
 */
function insertRegistration(db: Database, device: NewRegistration, limit: number, now: number) {
  const { deviceLibraryIdentifier, pushToken, client } = device;
  // The limit prevents a leaked token from filling the table. Counting stops at the limit.
  const isBelowLimit = sql`(SELECT count(*) FROM (SELECT 1 FROM registrations WHERE pass_id = ${passes.id} LIMIT ${limit})) < ${limit}`;
  const isOutdated =
    client === "apple"
      ? and(isNull(passes.installedAt), sql`coalesce(${passes.givenTag}, 0) < ${effectiveTag}`)
      : sql`true`;
  return db
    .insert(registrations)
    .select(
      selectInto(
        registrations,
        {
          passTypeIdentifier: passes.passTypeIdentifier,
          deviceLibraryIdentifier,
          passId: passes.id,
          templateId: passes.templateId,
          eventId: passes.eventId,
          pushToken,
          client,
          registeredAt: now,
          listedFrom: sql`iif(${isOutdated}, (SELECT max(id) FROM changes) + 1, 0)`,
        },
        sql`FROM ${TARGETS.pass.from} WHERE ${matchesLivingPass(device)} AND ${isBelowLimit}`,
      ),
    )
    .onConflictDoNothing();
}

/** For a WHERE on passes: the registration that this batch inserted has a `listedFrom` beyond the log. */
function isAhead(device: DeviceOfPass) {
  return sql`EXISTS (SELECT 1 FROM registrations WHERE ${isOfDevice(registrations, device)}
    AND registrations.pass_id = passes.id AND registrations.listed_from > (SELECT max(id) FROM changes))`;
}

/** Records the first registration, or the first one after the last one ended. @param inserted SQL: whether it is a new one */
function markInstalled(db: Database, device: DeviceOfPass, inserted: SQL, now: number) {
  return db
    .update(passes)
    .set({ installedAt: now, uninstalledAt: null })
    .where(
      and(
        matchesLivingPass(device),
        // This also covers registrations that are older than the column installed_at.
        or(and(isNull(passes.installedAt), isRegistered), and(isNotNull(passes.uninstalledAt), inserted)),
      ),
    );
}

/** Inserts or updates the device row. It exists exactly as long as the device has a registration. */
function saveDevice(db: Database, device: NewRegistration, now: number) {
  const { passTypeIdentifier, deviceLibraryIdentifier, serialNumber, tokenKeyId, pushToken, client } = device;
  return db
    .insert(devices)
    .select(
      selectInto(
        devices,
        {
          passTypeIdentifier,
          deviceLibraryIdentifier,
          pushToken,
          client,
          pushedAt: null,
          pushedThrough: null,
          pushScore: 0,
          createdAt: now,
          updatedAt: now,
        },
        sql`WHERE EXISTS (SELECT 1 FROM registrations JOIN passes ON passes.id = registrations.pass_id
          WHERE ${isOfDevice(registrations, device)}
            AND passes.serial_number = ${serialNumber} AND passes.token_key_id = ${tokenKeyId})`,
      ),
    )
    .onConflictDoUpdate({
      target: [devices.passTypeIdentifier, devices.deviceLibraryIdentifier],
      // Pushes to the previous token did not reach this one.
      set: {
        pushToken,
        client,
        pushedAt: sql`iif(push_token = ${pushToken}, pushed_at, NULL)`,
        pushedThrough: sql`iif(push_token = ${pushToken}, pushed_through, NULL)`,
        updatedAt: now,
      },
    });
}

/**
 * Gives the token to all registrations of the device. The device row has the new token only if the registration exists, so a
 * refused request changes nothing.
 */
function refreshRegistrations(db: Database, device: NewRegistration, now: number) {
  const { pushToken, client } = device;
  return db
    .update(registrations)
    .set({ pushToken, client, registeredAt: now })
    .where(
      and(
        isOfDevice(registrations, device),
        // Skips the row that has just been inserted. The time alone is not enough: two tokens may arrive within one
        // millisecond.
        or(
          ne(registrations.registeredAt, now),
          ne(registrations.pushToken, pushToken),
          ne(registrations.client, client),
        ),
        sql`EXISTS (SELECT 1 FROM devices WHERE ${isOfDevice(devices, device)} AND devices.push_token = ${pushToken})`,
      ),
    );
}
