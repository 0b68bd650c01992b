/**
 * The end of registrations: by the device itself, or because the pass is deleted. Follows Apple's "Unregister a pass for update
 * notifications".
 */
import { and, not, type SQL, sql } from "drizzle-orm";
import type { Context } from "../context.ts";
import { batchOf } from "../db/batch.ts";
import { chain } from "../db/chain.ts";
import type { Database } from "../db/client.ts";
import { devices, passes, registrations } from "../db/schema.ts";
import { type DeviceOfPass, isOfDevice, isRegistered, matchesPass } from "./device-of-pass.ts";

/**
 * Ends the registration. The device row is deleted with its last registration.
 *
 * It is not repeated after an error of D1: if the phone has registered again meanwhile, the repeat would end that
 * registration, and the phone would no longer get pushes. The phone repeats the request itself, in its own order.
 * @returns whether there is (or was) a pass that the token is valid for, even if nothing was registered
 */
export async function unregister(
  { db, now }: Pick<Context, "db" | "now">,
  device: DeviceOfPass,
): Promise<boolean> {
  const { rows } = await batchOf(db, {
    registration: chain({
      deleted: db
        .delete(registrations)
        .where(
          and(
            isOfDevice(registrations, device),
            sql`${registrations.passId} = (SELECT ${passes.id} FROM ${passes} WHERE ${matchesPass(device)})`,
          ),
        ),
      uninstalled: (wrote) =>
        db
          .update(passes)
          .set({ uninstalledAt: now })
          .where(and(matchesPass(device), wrote, not(isRegistered))),
    }),
    device: db.delete(devices).where(and(isOfDevice(devices, device), hasNoRegistration)),
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

/** For a WHERE on devices: the device has no registration left. */
export const hasNoRegistration = sql`NOT EXISTS (
  SELECT 1 FROM registrations WHERE registrations.pass_type_identifier = devices.pass_type_identifier
    AND registrations.device_library_identifier = devices.device_library_identifier)`;
