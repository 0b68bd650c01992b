/** The codes for files, manifest and signature of a finished .pkpass: each with the test that produces it. */
import type { FileCode } from "../../../src/pkpass/codes.ts";
import type { Finding } from "../../../src/pkpass/finding.ts";

export interface FileRow {
  readonly severity: Finding["severity"];
  readonly what: string;
  /** Under test/, without its extension. */
  readonly file: string;
  /** The name of the test, or of its test.each. */
  readonly test: string;
}

const row = (severity: Finding["severity"], file: string) => (test: string, what: string) => ({
  ...{ severity, what, file, test },
});
const readError = row("error", "pkpass/read.test");
const readWarning = row("warning", "pkpass/read.test");
const verifyError = row("error", "pkpass/verify.test");
const importWarning = row("warning", "admin/import/routes.test");
const mendWarning = row("warning", "admin/import/mended.test");

const OUTSIDE_VALIDITY = "a certificate that is expired or not yet valid at the given time is reported";
const MARK_OR_REPEATED = "a byte order mark and a repeated key are warnings, and the file is read";

export const fileRows: Readonly<Record<FileCode, FileRow>> = {
  apple_not_offered: row("warning", "templates/offered-wallets.test")(
    "a bundle leaves out what is only for Google Wallet, and the API refuses it",
    "Only for a link to several passes: the pass is offered in Google Wallet only, so the download leaves it out.",
  ),
  broken_image: readError(
    "%s is reported as a broken image",
    "An image is not a PNG, is truncated, or is damaged.",
  ),
  broken_strings: row("error", "pkpass/read-strings.test")(
    "%s is reported with its line",
    "A pass.strings file cannot be read.",
  ),
  byte_order_mark: readWarning(MARK_OR_REPEATED, "A JSON file starts with a byte order mark."),
  certificate_expired: verifyError(OUTSIDE_VALIDITY, "The certificate expired."),
  certificate_expires_soon: row("warning", "identities/custody.test")(
    "issuing a pass says in its lint that the certificate is missing, expires soon or has expired",
    "Only for a new template or pass: the certificate of the pass type expires within 14 days.",
  ),
  certificate_missing: row("warning", "admin/lint/requests.test")(
    "a pass type without a certificate is reported",
    "Only for a new template or pass: the pass type has no certificate yet.",
  ),
  certificate_not_yet_valid: verifyError(OUTSIDE_VALIDITY, "The certificate is not valid yet."),
  control_character: row("warning", "admin/import/mended.test")(
    "control characters in texts are removed and reported, and the codes for machines keep theirs",
    "Only when importing: a text that people read has control characters, which no phone draws.",
  ),
  digest_malformed: readError(
    "a SHA-1 in upper case",
    "The value for a file in manifest.json is not a SHA-1 in lower-case hexadecimal.",
  ),
  digest_mismatch: readError("another SHA-1", "The SHA-1 of a file is not the one in manifest.json."),
  duplicate_json_key: readWarning(MARK_OR_REPEATED, "A JSON file has the same key twice in one object."),
  editor_data: row("warning", "pkpass/designer.test")(
    "a template of Pass Designer is read as one",
    "The file has data that only Apple's Pass Designer uses: tooling.json, or `_id` in pass.json.",
  ),
  field_key_renamed: mendWarning(
    "repeated field keys are renamed, and a finding names each",
    "Only when importing: a field had the key of an earlier field, or an empty one, and has another key in the template.",
  ),
  intermediate_expired: verifyError(
    "an intermediate that is over",
    "The intermediate certificate (WWDR) expired.",
  ),
  intermediate_mismatch: verifyError(
    "an intermediate with the right name that did not issue the certificate is reported",
    "The intermediate certificate (WWDR) has the right name, but did not issue the certificate.",
  ),
  intermediate_missing: verifyError(
    "no intermediate",
    "The signature does not contain the intermediate certificate (WWDR) that issued its certificate.",
  ),
  intermediate_not_a_ca: row("error", "pkpass/read-certificates.test")(
    "an issuer that is not a certificate authority is reported",
    "The issuer of the certificate is not a certificate authority.",
  ),
  invalid_json: readError("%s is reported with line and column", "A JSON file is not valid JSON."),
  json_comment: readError(
    "comments are removed and named, although Wallet refuses them",
    "A JSON file has comments. The parser of iPhones refuses them, and Edgepass reads the file without them.",
  ),
  json_trailing_comma: readWarning(
    "trailing commas are removed and named, because iPhones accept them",
    "A JSON file has a comma before a closing bracket. iPhones accept it, other wallets and tools do not.",
  ),
  listed_file_missing: readError(
    "a file that is listed and absent",
    "manifest.json lists a file that is not in the .pkpass, or itself, or the signature.",
  ),
  missing_manifest: readError(
    "a missing manifest, and one that is not a JSON object, are reported",
    "manifest.json is missing.",
  ),
  missing_pass_json: readError(
    "a missing pass.json has a cure that fits the files",
    "pass.json is missing at the top of the archive.",
  ),
  missing_signature: verifyError("a missing signature is reported", "The file signature is missing."),
  not_imported: importWarning(
    "language folders of other tools are renamed, and files that cannot be imported are reported",
    "Only when importing: a template cannot contain the file, because Wallet knows no such image or language.",
  ),
  pass_specific_value: importWarning(
    "pass-specific values that stay in the template are reported",
    "Only when importing: the template still contains a value of a single pass, such as a person, a past date or a barcode.",
  ),
  pdf_image: readWarning(
    "a PDF image is reported as one that Apple does not document",
    "An image is a PDF, which Apple's Pass Builder takes and Apple's documentation does not have.",
  ),
  placeholder_replaced: row("warning", "admin/import/designer.test")(
    "what Pass Designer leaves empty is filled in, and a finding names it",
    "Only when importing: Pass Designer left a key empty that a template needs.",
  ),
  signature_malformed: verifyError(
    "%s is not a signature",
    "The signature is not a detached CMS SignedData in DER.",
  ),
  signature_mismatch: verifyError(
    "another manifest",
    "The signature covers a different manifest.json, or was not made with the key of its certificate.",
  ),
  signature_unsupported: verifyError(
    "an algorithm that Wallet does not take",
    "The signature uses an algorithm that Wallet does not support.",
  ),
  signer_missing: verifyError(
    "no signer's certificate",
    "The signature does not contain the certificate of its signer.",
  ),
  signing_time_missing: verifyError("no signing time", "The signature has no signingTime attribute."),
  signing_time_outside_validity: verifyError(
    "a signing time before the certificate",
    "The signing time is outside the validity period of the certificate.",
  ),
  stray_file: readWarning("%s is reported as a stray file", "Wallet does not know the file."),
  suspicious_strings: row("warning", "pkpass/read-strings.test")(
    "probable mistakes are warnings, and the file is read",
    "A pass.strings file has a key twice, or an escape that does not exist.",
  ),
  unlisted_file: readError("a file that is not listed", "A file is not in manifest.json."),
  values_without_field: row("warning", "templates/left-values.test")(
    "a field that is removed from a template is reported with the number of values for it",
    "Only for a changed template: it no longer has a field, but passes or events have a value for it.",
  ),
  wrapped_in_folder: readError(
    "a folder around all files is reported, and its files are read without it",
    "All files are in a folder.",
  ),
};
