/**
 * Checks that a list of updatable passes is complete. It must contain every pass that has changed since the tag that
 * the device sent, and its own tag must not be newer than a change that it omits: with that tag, the device would never
 * be notified of that change. A later change of the same pass would hide such a fault, so the final state seldom shows
 * it. The check reads the tables directly, when a list is requested and when it is answered. Follows Apple's "Get the
 * list of updatable passes".
 */
import type { DatabaseSync, StatementSync } from "node:sqlite";

/** The registrations of a device, by serial number. */
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

  /** The passes that the device has registered now, with the tag of each. */
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
   * The passes that the list should contain, and false claims of the list.
   * @param lastUpdated the tag of the list; 0 for a response that nothing has changed
   */
  complaints(
    listed: readonly string[],
    tags: { readonly sent: number; readonly lastUpdated: number },
    before: Registered,
    after: Registered,
  ): string[] {
    return [...before].flatMap(([serialNumber, { registeredAt, tag }]) => {
      const now = after.get(serialNumber);
      // Only passes that were registered during the whole request were certainly there when the Worker read the table.
      if (now?.registeredAt !== registeredAt || listed.includes(serialNumber)) return [];
      const isNewer = tag > tags.sent;
      const isCovered = now.tag > tags.sent && now.tag <= tags.lastUpdated;
      return isNewer || isCovered
        ? [`${serialNumber}, changed by ${now.tag}: ${tags.sent} → ${tags.lastUpdated}`]
        : [];
    });
  }
}
