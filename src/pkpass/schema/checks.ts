/**
 * What no single key of pass.json can tell: which styles stand together, which keys belong to Edgepass, whether a field
 * key stands twice. They judge what zod has found faulty too, so that one look finds all: they trust no type.
 *
 * Follows Apple's "Pass", "PassFieldContent" and "Creating a poster generic pass".
 */
import type * as z from "zod";
import { CLASSIC_STYLES, SECTIONS, STYLES } from "./fields.ts";
import { isObject } from "./primitives.ts";

type Context = z.core.$RefinementCtx;

/** Of a template: more would not fit beside each other into a row of D1. Wallet has no such bound. */
const MAX_FIELDS = 100;

/** Keys that Edgepass sets, and where each comes from. */
const OWN_KEYS = {
  serialNumber: "it is the pass's own: give it when you issue the pass",
  authenticationToken: "Edgepass derives it for each pass",
  webServiceURL: "it comes from the setting PUBLIC_ORIGIN",
  passTypeIdentifier: "it comes from the template's passTypeIdentifier",
  teamIdentifier: "it comes from the certificate",
} as const;

/** Refuses what Edgepass writes itself. */
export function checkOwnKeys(pass: unknown, context: Context): void {
  if (!isObject(pass)) return;
  for (const [key, reason] of Object.entries(OWN_KEYS)) {
    if (!(key in pass)) continue;
    context.addIssue({
      code: "custom",
      path: [key],
      message: `does not belong here: ${reason}`,
      params: { code: "own_key", cure: "Leave it out." },
    });
  }
}

/** The style is the template's. */
export function checkNoStyles(pass: unknown, context: Context): void {
  if (!isObject(pass)) return;
  for (const style of STYLES) {
    if (!(style in pass)) continue;
    context.addIssue({
      code: "custom",
      path: [style],
      message: "belongs to the template; a pass sets its fields with values",
      params: { code: "own_key", cure: "Set the fields with values." },
    });
  }
}

/** One classic style, or posterGeneric, or posterGeneric with one classic style to fall back on; keys once in each. */
export function checkStyles(pass: unknown, context: Context): void {
  if (!isObject(pass)) return;
  const given = STYLES.filter((style) => pass[style] !== undefined);
  const classic = CLASSIC_STYLES.filter((style) => pass[style] !== undefined);
  if (given.length === 0 || classic.length > 1) {
    context.addIssue({
      code: "custom",
      path: [classic[1] ?? "generic"],
      message: `needs exactly one style of ${CLASSIC_STYLES.join(", ")}, and may have posterGeneric beside it; there ${given.length === 0 ? "is none" : `are ${given.join(" and ")}`}`,
      params: {
        code: "style_count",
        cure: given.length === 0 ? "Add the style that the pass has." : "Keep one of them.",
      },
    });
  }
  // posterGeneric and the style that stands in for it may show the same field, and one value reaches both.
  const classicKeys = new Set<string>();
  const posterKeys = new Set<string>();
  for (const { key, path } of anyFieldsOf(pass)) {
    const seen = path[0] === "posterGeneric" ? posterKeys : classicKeys;
    if (seen.has(key)) {
      context.addIssue({
        code: "custom",
        path: [...path, "key"],
        message: `"${key}" stands twice: keys are unique in a pass`,
        params: { code: "duplicate_key", cure: "Give each field a key of its own." },
      });
    }
    seen.add(key);
  }
}

/** What Edgepass can keep of a template. */
export function checkFieldCount(pass: unknown, context: Context): void {
  if (!isObject(pass) || [...anyFieldsOf(pass)].length <= MAX_FIELDS) return;
  context.addIssue({
    code: "custom",
    path: STYLES.filter((style) => pass[style] !== undefined).slice(0, 1),
    message: `has more than ${MAX_FIELDS} fields: Edgepass keeps no more in a template, whatever Wallet takes`,
    params: { cure: `Keep at most ${MAX_FIELDS} fields.` },
  });
}

/** A phone needs both to ask for updates. */
export function checkWebService(pass: unknown, context: Context): void {
  if (!isObject(pass)) return;
  const pair = ["webServiceURL", "authenticationToken"];
  const [missing, ...others] = pair.filter((key) => pass[key] === undefined);
  if (missing === undefined || others.length > 0) return;
  context.addIssue({
    code: "custom",
    path: [missing],
    message: "is missing: webServiceURL and authenticationToken go together",
    params: { code: "missing_key", cure: `Add ${missing}, or leave out the other.` },
  });
}

function* anyFieldsOf(pass: Record<string, unknown>): Generator<{ key: string; path: PropertyKey[] }> {
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
