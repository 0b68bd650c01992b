/**
 * Registrations: which device is notified of changes of which pass. Each write is one idempotent batch, because clients
 * repeat requests.
 *
 * The caller has checked the token; conditions on the rows check everything else. Follows Apple's "Register a pass for
 * update notifications" and "Unregister a pass for update notifications".
 */
import { and, eq, isNotNull, isNull, ne, not, or, type SQL, sql } from "drizzle-orm";
import { batchOf } from "../db/batch.ts";
import type { Database } from "../db/client.ts";
import { devices, passes, registrations } from "../db/schema.ts";
import { selectInto } from "../db/select-into.ts";

/** The push service that a token belongs to. Only Apple's tokens are sent to APNs. */
export type Client = "apple" | "androidpass" | "walletunionpass" | "other";

export interface DeviceOfPass {
  readonly passTypeIdentifier: string;
  readonly serialNumber: string;
  readonly deviceLibraryIdentifier: string;
  /** The MASTER_SECRET entry that the presented token was derived with. It must be the entry of the pass. */
  readonly tokenKeyId: string;
}

export type Registered = "registered" | "already_registered" | "full" | "deleted" | "unknown";

/**
 * Registers the device for the pass and saves its pushToken, also for its other registrations: the token belongs to the
 * phone, and a phone that rotated its token sends the new one only once.
 */
export async function register(
  db: Database,
  device: DeviceOfPass & { pushToken: string; client: Client },
  limit: number,
  now: number,
): Promise<Registered> {
  const { passTypeIdentifier, deviceLibraryIdentifier, pushToken, client } = device;
  const thisDevice = (table: typeof devices | typeof registrations) =>
    and(
      eq(table.passTypeIdentifier, passTypeIdentifier),
      eq(table.deviceLibraryIdentifier, deviceLibraryIdentifier),
    );
  // The limit prevents that a leaked token fills the table. Counting stops at the limit.
  const isBelowLimit = sql`(SELECT count(*) FROM (SELECT 1 FROM registrations WHERE pass_id = ${passes.id} LIMIT ${limit})) < ${limit}`;
  const { inserted, rows } = await batchOf(db, {
    inserted: db
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
          },
          sql`FROM ${passes} WHERE ${matchesLivingPass(device)} AND ${isBelowLimit}`,
        ),
      )
      .onConflictDoNothing(),
    // For the first registration, or the first one after all others had ended. It must come directly after the insert,
    // because changes() is the row count of the insert.
    installed: db
      .update(passes)
      .set({ installedAt: now, uninstalledAt: null })
      .where(
        and(
          matchesLivingPass(device),
          // This includes registrations from before installed_at existed.
          or(
            and(isNull(passes.installedAt), isRegistered),
            and(isNotNull(passes.uninstalledAt), sql`changes() > 0`),
          ),
        ),
      ),
    // The device row exists exactly as long as it has a registration.
    device: db
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
          WHERE registrations.pass_type_identifier = ${passTypeIdentifier}
            AND registrations.device_library_identifier = ${deviceLibraryIdentifier}
            AND passes.serial_number = ${device.serialNumber} AND passes.token_key_id = ${device.tokenKeyId})`,
        ),
      )
      .onConflictDoUpdate({
        target: [devices.passTypeIdentifier, devices.deviceLibraryIdentifier],
        // Pushes to the old token do not count for the new one.
        set: {
          pushToken,
          client,
          pushedAt: sql`iif(push_token = ${pushToken}, pushed_at, NULL)`,
          pushedThrough: sql`iif(push_token = ${pushToken}, pushed_through, NULL)`,
          updatedAt: now,
        },
      }),
    // The device row has the new token only if the registration exists, so a refused request changes nothing.
    refreshed: db
      .update(registrations)
      .set({ pushToken, client, registeredAt: now })
      .where(
        and(
          thisDevice(registrations),
          // Skips the row that the insert above has just written. The time alone is not enough: two tokens may arrive
          // within one millisecond.
          or(
            ne(registrations.registeredAt, now),
            ne(registrations.pushToken, pushToken),
            ne(registrations.client, client),
          ),
          sql`EXISTS (SELECT 1 FROM devices WHERE devices.pass_type_identifier = ${passTypeIdentifier}
            AND devices.device_library_identifier = ${deviceLibraryIdentifier} AND devices.push_token = ${pushToken})`,
        ),
      ),
    rows: db
      .select({
        deletedAt: passes.deletedAt,
        registered: sql<number>`EXISTS (SELECT 1 FROM registrations WHERE registrations.pass_type_identifier = ${passTypeIdentifier}
          AND registrations.device_library_identifier = ${deviceLibraryIdentifier} AND registrations.pass_id = passes.id)`,
      })
      .from(passes)
      .where(matchesPass(device)),
  });
  if (inserted.meta.changes > 0) return "registered";
  const pass = rows[0];
  if (pass === undefined) return "unknown";
  if (pass.deletedAt !== null) return "deleted";
  return pass.registered ? "already_registered" : "full";
}

/**
 * Ends the registration. The device row is deleted with its last registration.
 * @returns whether there is (or was) a pass that the token is valid for, also if nothing was registered
 */
export async function unregister(db: Database, device: DeviceOfPass, now: number): Promise<boolean> {
  const { passTypeIdentifier, deviceLibraryIdentifier } = device;
  const { rows } = await batchOf(db, {
    deleted: db
      .delete(registrations)
      .where(
        and(
          eq(registrations.passTypeIdentifier, passTypeIdentifier),
          eq(registrations.deviceLibraryIdentifier, deviceLibraryIdentifier),
          sql`${registrations.passId} = (SELECT ${passes.id} FROM ${passes} WHERE ${matchesPass(device)})`,
        ),
      ),
    // It must come directly after the deletion, because changes() is the row count of the deletion.
    uninstalled: db
      .update(passes)
      .set({ uninstalledAt: now })
      .where(and(matchesPass(device), sql`changes() > 0`, not(isRegistered))),
    device: db
      .delete(devices)
      .where(
        and(
          eq(devices.passTypeIdentifier, passTypeIdentifier),
          eq(devices.deviceLibraryIdentifier, deviceLibraryIdentifier),
          hasNoRegistration,
        ),
      ),
    rows: db.select({ id: passes.id }).from(passes).where(matchesPass(device)),
  });
  return rows.length > 0;
}

/**
 * Statements that delete all registrations of a pass, and the devices that then have no registrations.
 * @param condition whether the batch that they are part of has deleted the pass
 */
export function deleteRegistrations(db: Database, passId: number, condition: SQL) {
  const listened = sql`(pass_type_identifier, device_library_identifier) IN (
    SELECT pass_type_identifier, device_library_identifier FROM registrations WHERE pass_id = ${passId})`;
  const toOthers = sql`EXISTS (SELECT 1 FROM registrations AS other
    WHERE other.pass_type_identifier = devices.pass_type_identifier
      AND other.device_library_identifier = devices.device_library_identifier AND other.pass_id <> ${passId})`;
  return {
    devices: db.delete(devices).where(sql`${condition} AND ${listened} AND NOT ${toOthers}`),
    registrations: db.delete(registrations).where(sql`${registrations.passId} = ${passId} AND ${condition}`),
  };
}

/** For a WHERE on passes: the pass has a registration. */
const isRegistered = sql`EXISTS (SELECT 1 FROM registrations WHERE registrations.pass_id = passes.id)`;

/** For a WHERE on devices: the device has no registration left. */
export const hasNoRegistration = sql`NOT EXISTS (
  SELECT 1 FROM registrations WHERE registrations.pass_type_identifier = devices.pass_type_identifier
    AND registrations.device_library_identifier = devices.device_library_identifier)`;

function matchesPass(device: DeviceOfPass) {
  return and(
    eq(passes.passTypeIdentifier, device.passTypeIdentifier),
    eq(passes.serialNumber, device.serialNumber),
    eq(passes.tokenKeyId, device.tokenKeyId),
  );
}

function matchesLivingPass(device: DeviceOfPass) {
  return and(matchesPass(device), isNull(passes.deletedAt));
}
