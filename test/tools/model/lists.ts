/**
 * What a list of updatable passes leaves out. It names every pass that had changed since the tag that the device sent, and
 * leaves out none that changed up to the tag that it gives: with that tag the device never hears of that change again.
 * A later change of the same pass would cover it, so that a run's end seldom shows it.
 *
 * It reads the tables beside the Worker, as a list is asked for and as it is answered. Follows Apple's "Get the list of
 * updatable passes".
 */
import type { DatabaseSync, StatementSync } from "node:sqlite";

/** What is registered by a device, by serial number. */
export type Registered = ReadonlyMap<string, { readonly registeredAt: number; readonly tag: number }>;

export class Lists {
  readonly #registered: StatementSync;

  constructor(database: DatabaseSync) {
    this.#registered = database.prepare(`SELECT passes.serial_number AS serialNumber,
        registrations.registered_at AS registeredAt, max(passes.tag, templates.tag, coalesce(events.tag, 0)) AS tag
      FROM registrations JOIN passes ON passes.id = registrations.pass_id
      JOIN templates ON templates.id = passes.template_id LEFT JOIN events ON events.id = passes.event_id
      WHERE device_library_identifier = ? AND registrations.pass_type_identifier = ? AND passes.deleted_at IS NULL`);
  }

  /** What the device has registered at this moment, with the tag of each. */
  registered(device: string, passType: string): Registered {
    const rows = this.#registered.all(device, passType);
    return new Map(
      rows.map(({ serialNumber, registeredAt, tag }) => [
        String(serialNumber),
        { registeredAt: Number(registeredAt), tag: Number(tag) },
      ]),
    );
  }

  /**
   * What the list should have named, or should not have claimed to know.
   * @param lastUpdated the tag that the list gives; 0 for an answer that nothing has changed
   */
  complaints(
    listed: readonly string[],
    tags: { readonly sent: number; readonly lastUpdated: number },
    before: Registered,
    after: Registered,
  ): string[] {
    return [...before].flatMap(([serialNumber, { registeredAt, tag }]) => {
      const now = after.get(serialNumber);
      // Only what was registered all the while was certainly there when the Worker looked.
      if (now?.registeredAt !== registeredAt || listed.includes(serialNumber)) return [];
      const isNewer = tag > tags.sent;
      const isCovered = now.tag > tags.sent && now.tag <= tags.lastUpdated;
      return isNewer || isCovered
        ? [`${serialNumber}, changed by ${now.tag}: ${tags.sent} → ${tags.lastUpdated}`]
        : [];
    });
  }
}
