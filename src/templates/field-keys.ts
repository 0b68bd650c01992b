/**
 * Gives each field of an imported pass a key of its own. Values are addressed by key, so a template cannot repeat one; many
 * issuers repeat keys, and Pass Designer writes empty ones.
 *
 * Follows Apple's "PassFieldContent".
 */
import { isObject, type JsonObject, pointerTo } from "../json.ts";
import { MAX_CHARACTERS } from "../limits.ts";
import { type Finding, warning } from "../pkpass/finding.ts";
import { SECTIONS, STYLES } from "../pkpass/schema/schema.ts";

/** The base of the new key for a field whose key is empty. */
const EMPTY_KEY = "field";

/**
 * Renames each field whose key is empty, or is the key of an earlier field: `name` becomes `name_2`. The order is that of the
 * sections, so the same file always gives the same keys. posterGeneric and its fallback style may contain the same field, so
 * the two are counted separately, and the field gets the same new key in both.
 */
export function renameRepeatedKeys(pass: JsonObject): { pass: JsonObject; findings: Finding[] } {
  const findings: Finding[] = [];
  const renamed: Record<string, unknown> = { ...pass };
  const given = new Set(STYLES.flatMap((style) => keysOf(pass[style])));
  const classic = new KeyAllocator(given);
  const poster = new KeyAllocator(given);
  for (const style of STYLES) {
    const sections = pass[style];
    if (!isObject(sections)) continue;
    const keys = style === "posterGeneric" ? poster : classic;
    const changed: Record<string, unknown> = { ...sections };
    for (const section of SECTIONS) {
      const fields: unknown = sections[section];
      if (!Array.isArray(fields)) continue;
      changed[section] = fields.map((field: unknown, index) => {
        if (!isObject(field) || typeof field.key !== "string") return field;
        const key = keys.allocate(field.key);
        if (key === field.key) return field;
        findings.push(keyRenamed([style, section, index], field.key, key));
        return { ...field, key };
      });
    }
    renamed[style] = changed;
  }
  return { pass: renamed, findings };
}

function keysOf(sections: unknown): string[] {
  if (!isObject(sections)) return [];
  return SECTIONS.flatMap((section) => {
    const fields: unknown = sections[section];
    if (!Array.isArray(fields)) return [];
    return fields.flatMap((field: unknown) =>
      isObject(field) && typeof field.key === "string" ? field.key : [],
    );
  });
}

/** Hands out each key once. It remembers where it stopped counting, so that many equal keys take linear time. */
class KeyAllocator {
  readonly #given: ReadonlySet<string>;
  readonly #used = new Set<string>();
  readonly #counts = new Map<string, number>();

  /** @param given the keys of the file: a new key must not be one of them */
  constructor(given: ReadonlySet<string>) {
    this.#given = given;
  }

  allocate(key: string): string {
    const base = key === "" ? EMPTY_KEY : key;
    let allocated = base;
    let count = this.#counts.get(base) ?? 1;
    const isTaken = () => this.#used.has(allocated) || (allocated !== key && this.#given.has(allocated));
    while (isTaken()) {
      count += 1;
      const suffix = `_${count}`;
      allocated = `${base.slice(0, MAX_CHARACTERS.fieldKey - suffix.length)}${suffix}`;
    }
    this.#counts.set(base, count);
    this.#used.add(allocated);
    return allocated;
  }
}

function keyRenamed(path: PropertyKey[], from: string, to: string): Finding {
  const message =
    from === ""
      ? `The key of the field is empty. The template has "${to}".`
      : `An earlier field has the key "${from}" too, but values are set by key. The template has "${to}" for this one.`;
  return warning(
    "field_key_renamed",
    pointerTo(["pass", ...path, "key"]),
    message,
    `Set the value of this field with "${to}".`,
  );
}
