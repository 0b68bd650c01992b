/**
 * What can be wrong with a finished .pkpass beside what its pass.json says: its files, its manifest, its signature.
 * Stable, as all codes of findings.
 */
export type FileCode =
  | "absent_file"
  | "broken_image"
  | "broken_strings"
  | "byte_order_mark"
  | "certificate_expired"
  | "certificate_not_yet_valid"
  | "digest_form"
  | "doubtful_strings"
  | "intermediate_expired"
  | "intermediate_mismatch"
  | "intermediate_missing"
  | "intermediate_no_authority"
  | "invalid_json"
  | "missing_manifest"
  | "missing_pass_json"
  | "missing_signature"
  | "not_imported"
  | "of_one_pass"
  | "repeated_json_key"
  | "signature_malformed"
  | "signature_mismatch"
  | "signature_unsupported"
  | "signer_missing"
  | "signing_time_missing"
  | "signing_time_unfit"
  | "stray_file"
  | "unlisted_file"
  | "wrapped_in_folder"
  | "wrong_digest";
