/** What can be wrong with a finished file beside its pass.json: each code, and the test that makes such a file. */

import type { FileCode } from "../../../src/pkpass/codes.ts";
import type { Finding } from "../../../src/pkpass/finding.ts";

export interface FileRow {
  readonly severity: Finding["severity"];
  readonly what: string;
  /** Under test/, without its ending. */
  readonly file: string;
  /** The test's name, or that of its row. */
  readonly test: string;
}

const row = (severity: Finding["severity"], file: string) => (test: string, what: string) => ({
  ...{ severity, what, file, test },
});
const inFiles = row("error", "pkpass/read.test");
const besideFiles = row("warning", "pkpass/read.test");
const inSignature = row("error", "pkpass/verify.test");

const OVER_OR_NOT_BEGUN = "a certificate that is over, or has not begun, by the clock of the caller";
const MARK_OR_TWICE = "a byte order mark and a key twice are warnings, and the file is read";

export const fileRows: Readonly<Record<FileCode, FileRow>> = {
  absent_file: inFiles(
    "a file that is listed and absent",
    "manifest.json lists a file that is not in the bundle, or itself, or the signature.",
  ),
  broken_image: inFiles("%s is a broken image", "An image is no PNG, is cut short, or is damaged."),
  broken_strings: row("error", "pkpass/read-strings.test")(
    "%s is a fault with its line",
    "A pass.strings cannot be read.",
  ),
  byte_order_mark: besideFiles(MARK_OR_TWICE, "A JSON file opens with a byte order mark."),
  certificate_expired: inSignature(OVER_OR_NOT_BEGUN, "The certificate ended."),
  certificate_not_yet_valid: inSignature(OVER_OR_NOT_BEGUN, "The certificate has not begun."),
  digest_form: inFiles(
    "a SHA-1 in upper case",
    "What manifest.json has for a file is no SHA-1 in lower-case hexadecimal.",
  ),
  doubtful_strings: row("warning", "pkpass/read-strings.test")(
    "what surely was not meant is a doubt, and the file is read",
    "A pass.strings says a text twice, or has an escape that is none.",
  ),
  intermediate_expired: inSignature("an intermediate that is over", "The intermediate (WWDR) ended."),
  intermediate_mismatch: inSignature(
    "an intermediate with the right name that did not issue the certificate is named",
    "The intermediate (WWDR) has the right name, and did not issue the certificate.",
  ),
  intermediate_missing: inSignature(
    "no intermediate",
    "The signature does not hold the intermediate (WWDR) that issued its certificate.",
  ),
  intermediate_no_authority: row("error", "pkpass/read-certificates.test")(
    "an issuer that is no authority is no intermediate",
    "What issued the certificate is no certificate authority.",
  ),
  invalid_json: inFiles("%s is refused with its place", "A JSON file is none."),
  missing_manifest: inFiles("none at all, and one that is no JSON object", "There is no manifest.json."),
  missing_pass_json: inFiles(
    "without pass.json the cure is what the file shows",
    "There is no pass.json at the top of the archive.",
  ),
  missing_signature: inSignature("no file at all", "There is no file named signature."),
  not_imported: row("warning", "admin/import.test")(
    "languages as other tools name their folders are taken for what they mean; what cannot be kept is said",
    "A template cannot hold the file: Wallet knows no such image or language. Said by an import only.",
  ),
  of_one_pass: row("warning", "admin/import.test")(
    "what only the file's pass should say, and stays in the template, is named",
    "The template still holds what is one pass's: a person, a date that is over, a barcode. Said by an import only.",
  ),
  repeated_json_key: besideFiles(MARK_OR_TWICE, "A JSON file has a key twice in one object."),
  signature_malformed: inSignature(
    "%s is no signature",
    "The signature is no detached CMS SignedData in DER.",
  ),
  signature_mismatch: inSignature(
    "another manifest",
    "The signature is over another manifest.json, or not of its certificate's key.",
  ),
  signature_unsupported: inSignature(
    "an algorithm that Wallet does not take",
    "The signature is made with an algorithm that Wallet does not take.",
  ),
  signer_missing: inSignature(
    "no signer's certificate",
    "The signature does not hold the certificate that it was made with.",
  ),
  signing_time_missing: inSignature("no signing time", "The signature says no signing time."),
  signing_time_unfit: inSignature(
    "a signing time before the certificate",
    "The signing time is not within the validity of the certificate.",
  ),
  stray_file: besideFiles("%s does not belong there", "A file is none that Wallet knows."),
  unlisted_file: inFiles("a file that is not listed", "A file is not in manifest.json."),
  wrapped_in_folder: inFiles(
    "a folder around all files is named, and its files are read as if it were not there",
    "All files are inside of a folder.",
  ),
  wrong_digest: inFiles("another SHA-1", "A file is not the one whose SHA-1 is in manifest.json."),
};
