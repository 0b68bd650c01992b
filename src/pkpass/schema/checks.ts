/**
 * Checks that need more than one key of pass.json: which styles may be combined, which keys are reserved for Edgepass,
 * whether field keys are unique. They also run if zod has already found errors, so that one response reports all
 * errors. So they cannot rely on any types.
 *
 * Follows Apple's "Pass", "PassFieldContent" and "Creating a poster generic pass".
 */
import type * as z from "zod";
import { isObject } from "../../json.ts";
import { CLASSIC_STYLES, SECTIONS, STYLES } from "./fields.ts";

type Context = z.core.$RefinementCtx;

/** The limit per template: more fields would not fit into one row of D1. Wallet has no such limit. */
const MAX_FIELDS = 100;

/** Keys that Edgepass sets, and where each value comes from. */
export const RESERVED_KEYS = {
  serialNumber: "each pass has its own; set it when you issue the pass",
  authenticationToken: "Edgepass derives it for each pass",
  webServiceURL: "it comes from the setting PUBLIC_ORIGIN",
  passTypeIdentifier: "it comes from the template's passTypeIdentifier",
  teamIdentifier: "it comes from the certificate",
} as const;

/** Rejects the keys that Edgepass sets itself. */
export function checkReservedKeys(pass: unknown, context: Context): void {
  if (!isObject(pass)) return;
  for (const [key, reason] of Object.entries(RESERVED_KEYS)) {
    if (!(key in pass)) continue;
    context.addIssue({
      code: "custom",
      path: [key],
      message: `must not be set here: ${reason}`,
      params: { code: "reserved_key", cure: "Remove it." },
    });
  }
}

/** Rejects styles in a single pass: the template decides the style. */
export function checkNoStyles(pass: unknown, context: Context): void {
  if (!isObject(pass)) return;
  for (const style of STYLES) {
    if (!(style in pass)) continue;
    context.addIssue({
      code: "custom",
      path: [style],
      message:
        "must not be set on a pass: the template has the style, and a pass sets its fields through values",
      params: { code: "reserved_key", cure: "Remove it, and set the fields through values." },
    });
  }
}

/**
 * Rejects null in what is not a patch. It replaces the error of the type, which would not say what to do. An array may have
 * nulls, because a patch replaces it as a whole.
 * @param cure how to get what the null was probably meant to do
 */
export function checkNoNulls(cure: string) {
  return (value: unknown, context: Context): void => {
    const message = `must not be null: null removes something only in a PATCH. ${cure}`;
    for (const path of findNulls(value)) {
      const hides = ({ path: of = [] }: z.core.$ZodRawIssue) =>
        of.length > 0 && of.every((key, at) => key === path[at]);
      const others = context.issues.filter((issue) => !hides(issue));
      const params = { errorCode: "null_not_allowed" };
      const issue = { code: "custom", path, message, params, input: value, continue: true } as const;
      context.issues.splice(0, context.issues.length, issue, ...others);
    }
  };
}

/** The paths of the nulls in objects. */
function* findNulls(value: unknown, path: readonly PropertyKey[] = []): Generator<PropertyKey[]> {
  if (value === null) yield [...path];
  if (!isObject(value)) return;
  for (const [key, member] of Object.entries(value)) yield* findNulls(member, [...path, key]);
}

/** Demands one classic style, or posterGeneric, or posterGeneric with one classic style as the fallback. */
export function checkStyles(pass: unknown, context: Context): void {
  if (!isObject(pass)) return;
  const given = STYLES.filter((style) => pass[style] !== undefined);
  const classic = CLASSIC_STYLES.filter((style) => pass[style] !== undefined);
  if (given.length === 0 || classic.length > 1) {
    context.addIssue({
      code: "custom",
      path: [classic[1] ?? "generic"],
      message: `a pass must have exactly one of the styles ${CLASSIC_STYLES.join(", ")}, optionally together with posterGeneric; this one has ${given.length === 0 ? "none" : given.join(" and ")}`,
      params: {
        code: "style_count",
        cure: given.length === 0 ? "Add one of these styles." : "Keep one of them.",
      },
    });
  }
}

/** Rejects a template with repeated field keys: its values are addressed by key. */
export function checkFieldKeys(pass: unknown, context: Context): void {
  for (const { key, path } of findRepeatedKeys(pass)) {
    context.addIssue({
      code: "custom",
      path,
      message: `the key "${key}" is used twice, but field keys must be unique in a pass`,
      params: { code: "duplicate_field_key", cure: "Give each field a different key." },
    });
  }
}

/**
 * Warns about repeated field keys in a finished pass. Apple demands unique keys, but many issuers repeat a key in auxiliary
 * and back fields, and their passes are installed. So it is not an error.
 */
export function warnOfFieldKeys(pass: unknown, context: Context): void {
  for (const { key, path } of findRepeatedKeys(pass)) {
    context.addIssue({
      code: "custom",
      path,
      message: `the key "${key}" is used twice, but Apple demands unique field keys. iPhones accept most of these passes`,
      params: { warningCode: "duplicate_field_key", cure: "Give each field a different key." },
    });
  }
}

/**
 * Every field whose key an earlier field has. posterGeneric and its fallback style may contain the same field: then one
 * value sets both.
 */
function* findRepeatedKeys(pass: unknown): Generator<{ key: string; path: PropertyKey[] }> {
  if (!isObject(pass)) return;
  const classicKeys = new Set<string>();
  const posterKeys = new Set<string>();
  for (const { key, path } of findFields(pass)) {
    const seen = path[0] === "posterGeneric" ? posterKeys : classicKeys;
    if (seen.has(key)) yield { key, path: [...path, "key"] };
    seen.add(key);
  }
}

/** Limits a template to the fields that Edgepass can store. */
export function checkFieldCount(pass: unknown, context: Context): void {
  if (!isObject(pass) || [...findFields(pass)].length <= MAX_FIELDS) return;
  context.addIssue({
    code: "custom",
    path: STYLES.filter((style) => pass[style] !== undefined).slice(0, 1),
    message: `has more than ${MAX_FIELDS} fields. This is a limit of Edgepass, not of Wallet`,
    params: { cure: `Keep at most ${MAX_FIELDS} fields.` },
  });
}

/** Demands both keys or neither, because a phone needs both to request updates. */
export function checkWebService(pass: unknown, context: Context): void {
  if (!isObject(pass)) return;
  const pair = ["webServiceURL", "authenticationToken"];
  const [missing, ...others] = pair.filter((key) => pass[key] === undefined);
  if (missing === undefined || others.length > 0) return;
  context.addIssue({
    code: "custom",
    path: [missing],
    message: "is missing: webServiceURL and authenticationToken are only valid together",
    params: { code: "missing_key", cure: `Add ${missing}, or remove the other key.` },
  });
}

function* findFields(
  pass: Readonly<Record<string, unknown>>,
): Generator<{ key: string; path: PropertyKey[] }> {
  for (const style of STYLES) {
    const sections = pass[style];
    if (!isObject(sections)) continue;
    for (const section of SECTIONS) {
      const fields: unknown = sections[section];
      if (!Array.isArray(fields)) continue;
      for (const [index, field] of fields.entries()) {
        if (isObject(field) && typeof field.key === "string")
          yield { key: field.key, path: [style, section, index] };
      }
    }
  }
}
