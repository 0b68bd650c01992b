/**
 * Inserts passes and the phones that have them directly into the database: one pass, one device and one registration
 * each, with the same rows as issuing and registering would leave. The cost of those requests is not measured here.
 */

export interface SeededPhone {
  readonly serialNumber: string;
  readonly deviceLibraryIdentifier: string;
  readonly pushToken: string;
  /** The secret in the pass's public link. */
  readonly webToken: string;
}

export interface Seed {
  readonly passTypeIdentifier: string;
  readonly templateId: number;
  /** The MASTER_SECRET entry of the authentication tokens. */
  readonly tokenKeyId: string;
  /** Milliseconds, whole seconds. */
  readonly at: number;
  readonly phones: readonly SeededPhone[];
}

/** @returns the newest tag, which each of these phones has */
export async function seed(db: D1Database, input: Seed): Promise<{ tag: string }> {
  const { passTypeIdentifier, templateId, tokenKeyId, at } = input;
  const phones = JSON.stringify(input.phones);
  const last = await db
    .prepare(
      "SELECT (SELECT max(id) FROM changes) AS tag, (SELECT coalesce(max(id), 0) FROM passes) AS passId",
    )
    .first<{ tag: number; passId: number }>();
  if (last === null) throw new Error("the database has no changes and no passes");
  await db.batch([
    db
      .prepare(
        `INSERT INTO passes (pass_type_identifier, serial_number, template_id, web_token, token_key_id, field_values,
           pass, tag, modified_at, installed_at, created_at, updated_at)
         SELECT ?1, phone.value->>'serialNumber', ?2, phone.value->>'webToken', ?3,
           json_object('stamps', json_object('value', phone.key % 10)), '{}', ?4 + phone.key + 1, ?5, ?5, ?5, ?5
         FROM json_each(?6) AS phone`,
      )
      .bind(passTypeIdentifier, templateId, tokenKeyId, last.tag, at, phones),
    db
      .prepare(
        `INSERT INTO changes (id, pass_type_identifier, kind, pass_id, actor, at, push_at, dispatched_at)
         SELECT tag, pass_type_identifier, 'issued', id, 'load', modified_at, created_at, created_at
         FROM passes WHERE id > ?1`,
      )
      .bind(last.passId),
    db
      .prepare(
        `INSERT INTO devices (pass_type_identifier, device_library_identifier, push_token, client, created_at, updated_at)
         SELECT ?1, phone.value->>'deviceLibraryIdentifier', phone.value->>'pushToken', 'apple', ?2, ?2
         FROM json_each(?3) AS phone`,
      )
      .bind(passTypeIdentifier, at, phones),
    db
      .prepare(
        `INSERT INTO registrations (pass_type_identifier, device_library_identifier, pass_id, template_id, push_token,
           client, registered_at)
         SELECT ?1, phone.value->>'deviceLibraryIdentifier', passes.id, passes.template_id,
           phone.value->>'pushToken', 'apple', ?2
         FROM json_each(?3) AS phone CROSS JOIN passes -- in this order
           ON passes.pass_type_identifier = ?1 AND passes.serial_number = phone.value->>'serialNumber'`,
      )
      .bind(passTypeIdentifier, at, phones),
  ]);
  return { tag: String(last.tag + input.phones.length) };
}
