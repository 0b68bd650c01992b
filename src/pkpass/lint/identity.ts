/**
 * Whose pass a finished file is, and where it asks for updates. A template has none of it: Edgepass writes it.
 *
 * That the keys are there, and go together, is the schema's to say.
 * Follows Apple's "Pass", "Building a Pass" and "Adding a Web Service to Update Passes".
 */
import { error, type Finding, warning } from "../finding.ts";
import { textOf } from "./json.ts";
import type { View } from "./view.ts";

export function* identityFindings(view: View): Iterable<Finding> {
  if (!view.isFile) return;
  yield* ofCertificate(view);
  yield* ofWebService(view);
}

function* ofCertificate({ pass, subject: { certificate } }: View): Iterable<Finding> {
  for (const key of ["passTypeIdentifier", "teamIdentifier"] as const) {
    if (certificate === undefined) continue;
    const [own, signed] = [textOf(pass[key]), certificate[key]];
    if (signed === undefined) {
      yield error(
        "certificate_mismatch",
        `/pass/${key}`,
        `The certificate names no ${key}: Apple made it for no pass.`,
        "Sign with a Pass Type ID certificate.",
      );
      continue;
    }
    if (own === undefined || own === signed) continue;
    yield error(
      "certificate_mismatch",
      `/pass/${key}`,
      `${key} is "${own}", and the certificate is for "${signed}".`,
      `Write "${signed}", or sign with the certificate of "${own}".`,
    );
  }
  const type = textOf(pass.passTypeIdentifier) ?? "pass.";
  if (!type.startsWith("pass.")) {
    yield warning(
      "pass_type_prefix",
      "/pass/passTypeIdentifier",
      `"${type}" does not begin with "pass.": Apple registers no such pass type.`,
      "Write the identifier as it stands at Apple, such as pass.com.example.card.",
    );
  }
}

function* ofWebService({ pass }: View): Iterable<Finding> {
  const url = textOf(pass.webServiceURL);
  if (url === undefined) return;
  const pointer = "/pass/webServiceURL";
  if (!URL.canParse(url)) {
    yield error(
      "invalid_value",
      pointer,
      "webServiceURL is no address: phones cannot ask it for updates.",
      "Write an address such as https://passes.example.com/.",
    );
    return;
  }
  if (!url.startsWith("https://")) {
    yield warning(
      "web_service_insecure",
      pointer,
      "webServiceURL does not begin with https://: phones ask it only when a developer allows HTTP.",
      "Write an address that begins with https://.",
    );
  }
  if (url.endsWith("/v1") || url.endsWith("/v1/")) {
    yield warning(
      "web_service_version",
      pointer,
      "webServiceURL ends in /v1, and phones append /v1 themselves.",
      "Remove /v1 from its end.",
    );
  }
}
