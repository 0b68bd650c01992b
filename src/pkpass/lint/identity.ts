/**
 * Checks the identity and the web service of a finished file. A template has neither: Edgepass adds them.
 *
 * The schema checks that the keys are present and complete.
 * Follows Apple's "Pass", "Building a Pass" and "Adding a Web Service to Update Passes".
 */
import { error, type Finding, warning } from "../finding.ts";
import { asString } from "./narrow.ts";
import type { View } from "./view.ts";

export function* identityFindings(view: View): Iterable<Finding> {
  if (!view.isFile) return;
  yield* checkCertificate(view);
  yield* checkWebService(view);
}

function* checkCertificate({ pass, subject: { certificate } }: View): Iterable<Finding> {
  for (const key of ["passTypeIdentifier", "teamIdentifier"] as const) {
    if (certificate === undefined) continue;
    const [own, signed] = [asString(pass[key]), certificate[key]];
    if (signed === undefined) {
      yield error(
        "certificate_mismatch",
        `/pass/${key}`,
        `The certificate has no ${key}, so it is not a certificate for passes.`,
        "Sign with a Pass Type ID certificate.",
      );
      continue;
    }
    if (own === undefined || own === signed) continue;
    yield error(
      "certificate_mismatch",
      `/pass/${key}`,
      `${key} is "${own}", but the certificate is for "${signed}".`,
      `Write "${signed}", or sign with the certificate for "${own}".`,
    );
  }
  const type = asString(pass.passTypeIdentifier) ?? "pass.";
  if (!type.startsWith("pass.")) {
    yield warning(
      "pass_type_prefix",
      "/pass/passTypeIdentifier",
      `"${type}" does not start with "pass.", so it is not a pass type registered with Apple.`,
      "Write the identifier from Apple's developer portal, such as pass.com.example.card.",
    );
  }
}

function* checkWebService({ pass }: View): Iterable<Finding> {
  const url = asString(pass.webServiceURL);
  if (url === undefined) return;
  const pointer = "/pass/webServiceURL";
  if (!URL.canParse(url)) {
    yield error(
      "invalid_value",
      pointer,
      "webServiceURL is not a URL, so phones cannot request updates.",
      "Write a URL such as https://passes.example.com/.",
    );
    return;
  }
  if (!url.startsWith("https://")) {
    yield warning(
      "web_service_insecure",
      pointer,
      "webServiceURL does not start with https://. Phones use it only if HTTP is allowed in their developer settings.",
      "Write a URL that starts with https://.",
    );
  }
  if (url.endsWith("/v1") || url.endsWith("/v1/")) {
    yield warning(
      "web_service_url_with_version",
      pointer,
      "webServiceURL ends with /v1, but phones append /v1 themselves.",
      "Remove /v1 from the end.",
    );
  }
}
