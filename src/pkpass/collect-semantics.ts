/**
 * The semantic tags of a whole pass. It imports nothing that runs but json.ts, so that the drawing of a pass, which also runs in
 * browsers, can use it. Follows Apple's "SemanticTags".
 */
import { isObject } from "../json.ts";
import type { TemplatePass } from "./schema/schema.ts";
import type { Style } from "./styles.ts";

export type Semantics = NonNullable<TemplatePass["semantics"]>;

/** The semantic tags of the pass and of its fields; those of the pass come first. */
export function collectSemantics(pass: TemplatePass, style: Style): Semantics {
  const all: Semantics = {};
  for (const fields of Object.values(pass[style] ?? {})) {
    if (!Array.isArray(fields)) continue;
    for (const field of fields) if (isObject(field.semantics)) Object.assign(all, field.semantics);
  }
  return Object.assign(all, pass.semantics);
}
