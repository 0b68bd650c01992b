/**
 * pass.json as Apple documents it up to iOS 27, and personalization.json: the file of schema/ that other rooms import.
 * The types of the whole room come from here.
 *
 * Each key says which iOS brought it (`.meta({ since: "18.0" })`) and what took its place (`deprecated` and `instead`);
 * the OpenAPI document shows it, and the linter walks it (lint/walk.ts).
 */
export type { Barcode } from "./barcode.ts";
export {
  CLASSIC_STYLES,
  type Field,
  fieldsOf,
  SECTIONS,
  STYLES,
  type Style,
} from "./fields.ts";
export {
  type PassOverrides,
  passOverrides,
  type TemplatePass,
  templatePass,
  wholePass,
} from "./pass.ts";
export { type Personalization, personalization } from "./personalization.ts";
export { isW3cDate } from "./primitives.ts";
export {
  type FieldOverride,
  type FieldOverrides,
  type FieldPatch,
  fieldOverride,
  overridingValue,
} from "./values.ts";
