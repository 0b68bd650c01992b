/**
 * The tests of pure modules, which vitest.config.ts runs in the project `node`.
 */

/** Tests that need no binding and nothing that only workerd has. They run in Node in a tenth of the time. */
export const PURE_TESTS: readonly string[] = [
  "test/architecture.test.ts",
  "test/fuzz/regular-expressions.test.ts",
  "test/json.test.ts",
  "test/pages/barcode.test.ts",
  "test/pages/formatted.test.ts",
  "test/pkpass/designer.test.ts",
  "test/pkpass/lenient-json.test.ts",
  "test/pkpass/barcodes.test.ts",
  "test/limits.test.ts",
  "test/pkpass/lint/page.test.ts",
  "test/pkpass/lint/report.test.ts",
  "test/pkpass/lint/rules.test.ts",
  "test/pkpass/lint/samples.test.ts",
  "test/pkpass/nfc.test.ts",
  "test/pkpass/pkpasses.test.ts",
  "test/pkpass/read-certificates.test.ts",
  "test/pkpass/read-hostile.test.ts",
  "test/pkpass/read-strings.test.ts",
  "test/pkpass/read.test.ts",
  "test/pkpass/read-png.test.ts",
  "test/pkpass/scale.test.ts",
  "test/pkpass/schema.test.ts",
  "test/pkpass/verify.test.ts",
  "test/pkpass/walk.test.ts",
  "test/push/retry.test.ts",
  "test/push/verdict.test.ts",
  "test/push/verdict-readme.test.ts",
  "test/templates/field-keys.test.ts",
  "test/templates/own-parts.test.ts",
  "test/docs.test.ts",
  "test/tools/compatibility.test.ts",
  "test/tools/quick.test.ts",
];
