/**
 * pass.json as Apple documents it up to iOS 27, and personalization.json. Modules outside pkpass import schemas and types
 * from this file.
 *
 * The metadata of a key has the iOS version that introduced it (`since: "18.0"`) and the key that replaced it
 * (`deprecated` and `instead`). The OpenAPI document shows it, and the linter reads it (lint/schema-findings.ts).
 */
export type { Barcode } from "./barcode.ts";
export { checkNoNulls, RESERVED_KEYS } from "./checks.ts";
export {
  CLASSIC_STYLES,
  type Field,
  fieldsOf,
  SECTIONS,
  STYLES,
  type Style,
} from "./fields.ts";
export {
  findAbsentMembers,
  finishedPass,
  type PassOverrides,
  type PassPatch,
  passOverrides,
  passPatch,
  type TemplatePass,
  templatePass,
} from "./pass.ts";
export { type Personalization, personalizationJson } from "./personalization.ts";
export { isW3cDate } from "./primitives.ts";
export {
  type FieldOverride,
  type FieldOverrides,
  type FieldPatch,
  fieldOverride,
  fieldPatch,
  overridingValue,
} from "./values.ts";
export { withoutKeys } from "./without.ts";
