/**
 * A device and a pass, as a request of the device names them: the conditions that find their rows.
 */
import { and, eq, isNull, sql } from "drizzle-orm";
import { type devices, passes, type registrations } from "../db/schema.ts";
import type { KeyId } from "../secrets/secrets.ts";

export interface DeviceOfPass {
  readonly passTypeIdentifier: string;
  readonly serialNumber: string;
  readonly deviceLibraryIdentifier: string;
  /** The MASTER_SECRET entry that the presented token was derived with. It must be the entry of the pass. */
  readonly tokenKeyId: KeyId;
}

/** For a WHERE on passes: the pass has a registration. */
export const isRegistered = sql`EXISTS (SELECT 1 FROM registrations WHERE registrations.pass_id = passes.id)`;

/** For a WHERE on the table: the rows of this device. */
export function isOfDevice(table: typeof devices | typeof registrations, device: DeviceOfPass) {
  return and(
    eq(table.passTypeIdentifier, device.passTypeIdentifier),
    eq(table.deviceLibraryIdentifier, device.deviceLibraryIdentifier),
  );
}

export function matchesPass(device: DeviceOfPass) {
  return and(
    eq(passes.passTypeIdentifier, device.passTypeIdentifier),
    eq(passes.serialNumber, device.serialNumber),
    eq(passes.tokenKeyId, device.tokenKeyId),
  );
}

export function matchesLivingPass(device: DeviceOfPass) {
  return and(matchesPass(device), isNull(passes.deletedAt));
}
