/**
 * Rules for the tables that are true at every moment, because related rows are written in one batch: the installed
 * status of a pass follows its registrations, and a device is deleted with the last of them. A phone that registers
 * again would hide a fault before the end of a run. invariants.ts has the rules that are true only when all work has
 * finished.
 */
import type { DatabaseSync } from "node:sqlite";
import type { World } from "./world.ts";

/** Reports current violations. */
export function checkTables(world: World, database: DatabaseSync): void {
  const passes = database
    .prepare(`SELECT id, installed_at AS installed, uninstalled_at AS uninstalled,
      (SELECT count(*) FROM registrations WHERE pass_id = passes.id) AS count FROM passes WHERE deleted_at IS NULL`)
    .all();
  for (const { id, installed, uninstalled, count } of passes) {
    const agrees =
      Number(count) > 0
        ? installed !== null && uninstalled === null
        : installed === null || uninstalled !== null;
    if (!agrees)
      world.violate(
        "the installed status agrees with the registrations",
        `pass ${id}, ${count} registrations`,
      );
  }
  const devices = database
    .prepare(`SELECT device_library_identifier AS device FROM devices AS d WHERE NOT EXISTS (SELECT 1 FROM registrations AS r
      WHERE r.device_library_identifier = d.device_library_identifier AND r.pass_type_identifier = d.pass_type_identifier)`)
    .all();
  if (devices.length > 0)
    world.violate("a device goes with its last registration", String(devices[0]?.device));
}
