/**
 * Tests a sample with a running instance: a template is created from it, a pass is issued, a phone adds the download,
 * and the linter checks all three. Any finding that is not expected is a fault.
 */
import type { Finding } from "../../../src/pkpass/finding.ts";
import { findMinimumVersion } from "../../../src/pkpass/lint/schema-findings.ts";
import type { IPhone } from "../../apple/iphone.ts";
import type { Sample } from "../../pkpass/samples/sample.ts";
import { layoutOf, templateOf } from "../../pkpass/samples/template.ts";
import type { Admin } from "./admin.ts";
import { PASS_TYPE_IDENTIFIER } from "./provision.ts";
import { expectSame } from "./story.ts";

interface Report {
  readonly findings: readonly Finding[];
}
interface Linted {
  readonly id: number;
  readonly serialNumber: string;
  readonly downloadUrl: string;
  readonly landingUrl: string;
  readonly lint: Report;
}

/** A finding that every file made on this machine has, because there is no https. */
const HERE = "web_service_insecure";
/** The layout of a pass without a key of a later version. */
const FIRST_VERSION = "6.0";

/**
 * @param phone its Wallet contains the pass afterwards
 * @param images path → PNG in base64; without them gradients
 * @returns the page of the pass, and a line: name, layout, the iOS version that it needs, the size of its file, and the
 *   findings of the linter
 * @throws Error for a pass that Wallet would refuse, and for an unexpected finding
 */
export async function checkSample(
  sample: Sample,
  admin: Admin,
  phone: IPhone,
  images?: Readonly<Record<string, string>>,
): Promise<{ page: string; line: string }> {
  const { name, reminders = [] } = sample;
  const template = await admin.send<Linted>("POST", "/templates", {
    ...templateOf(sample, images),
    passTypeIdentifier: PASS_TYPE_IDENTIFIER,
  });
  expectFindings(`the template of ${name}`, template.lint, reminders);
  const issued = await admin.send<Linted>("POST", `/templates/${template.id}/passes`, {});
  expectFindings(`a pass of ${name}`, issued.lint, []);

  const response = await fetch(issued.downloadUrl);
  const file = new Uint8Array(await response.arrayBuffer());
  const { failed } = await phone.add(file);
  expectSame(`what Wallet could not do with ${name}`, failed, []);
  const report = await admin.sendFile<Report>("/lint", file, "application/vnd.apple.pkpass");
  expectFindings(`the file of ${name}`, report, [...reminders, HERE]);

  const { pass } = phone.pass(PASS_TYPE_IDENTIFIER, issued.serialNumber);
  const version = findMinimumVersion(pass)?.version ?? FIRST_VERSION;
  const size = `${file.length.toLocaleString("en")} bytes`;
  const line = `${name.padEnd(29)} ${layoutOf(sample).padEnd(20)} iOS ${version.padEnd(4)} ${size.padStart(14)}  ${counted(report)}`;
  return { page: issued.landingUrl, line };
}

function expectFindings(what: string, { findings }: Report, codes: readonly string[]): void {
  const unexpected = findings.filter(({ severity, code }) => severity === "error" || !codes.includes(code));
  expectSame(`what the linter says of ${what}`, unexpected, []);
  expectSame(`what it has to say of ${what}`, findings.map(({ code }) => code).sort(), [...codes].sort());
}

function counted({ findings }: Report): string {
  const errors = findings.filter(({ severity }) => severity === "error").length;
  const warnings = findings.filter(({ severity }) => severity === "warning");
  const codes = warnings.map(({ code }) => code).join(", ");
  return `${errors} errors, ${warnings.length} warning${warnings.length === 1 ? "" : "s"}${codes === "" ? "" : `: ${codes}`}`;
}
