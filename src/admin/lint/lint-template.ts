/**
 * Lints the JSON of a template or of a finished pass.json, together with what its other members name: the pass type and its
 * certificate, and the project. It also checks reserved field keys.
 */
import type { Context } from "../../context.ts";
import { demandProject } from "../../events/projects.ts";
import { findActiveCertificate, findCertificateTimes } from "../../identities/active-certificate.ts";
import { lintCertificates } from "../../identities/expiry.ts";
import { isObject } from "../../json.ts";
import { error, type Finding, reportFindings } from "../../pkpass/finding.ts";
import { findFaults } from "../../pkpass/lint/lint.ts";
import { findBrokenImages, toLintImages } from "../../pkpass/read/inspect.ts";
import { findImageFault } from "../../pkpass/read/read.ts";
import { safeParseExactly } from "../../pkpass/schema/exact-number.ts";
import { templatePass } from "../../pkpass/schema/schema.ts";
import { demandPassType } from "../../templates/create.ts";
import { findForGoogle, withoutAppleOnly } from "../../templates/google-rule.ts";
import { findTemplateFaults, type LintReport, toFullLintImages } from "../../templates/lint.ts";
import { findOffer, type Offer, offersApple } from "../../templates/offered-wallets.ts";
import { findReservedKey } from "../../templates/reserved-keys.ts";
import { isFinishedPass, type TemplateLintRequest } from "./request-schemas.ts";

/**
 * With a serial number, `pass` is checked as the pass.json of a file; otherwise as that of a template.
 * @throws ApiError pass_type_not_found or project_not_found, as creating the template does
 */
export async function lintTemplateRequest(
  { db, config, now }: Pick<Context, "db" | "config" | "now">,
  request: TemplateLintRequest,
): Promise<LintReport> {
  const { images, pass, strings, personalization, google, wallets, passTypeIdentifier, projectId } = request;
  if (passTypeIdentifier !== undefined) await demandPassType(db, passTypeIdentifier);
  if (projectId !== undefined) await demandProject(db, projectId);
  const content = isObject(pass) ? pass : {};
  const isFile = isFinishedPass({ pass });
  const type = passTypeIdentifier ?? content.passTypeIdentifier;
  const certificate = typeof type === "string" ? await findActiveCertificate(db, type, now) : undefined;
  const parts = { pass, strings, personalization };
  const readable = new Map([...images].filter(([, bytes]) => findImageFault(bytes) === undefined));
  const faults = isFile
    ? findFaults({ kind: "file", ...parts, images: toLintImages(readable), certificate })
    : findTemplateFaults({ ...parts, images: toFullLintImages(readable) }).map(raiseMissingIcon);
  // A finished file is for Apple Wallet.
  const offer = isFile
    ? { wallets: "apple" as const, hasIssuer: false }
    : await findOffer(db, { wallets, passTypeIdentifier });
  const forGoogle = { pass, images: toFullLintImages(readable), strings, google: google ?? null };
  const found = [
    ...findBrokenImages(images),
    ...withoutAppleOnly(offer, faults),
    ...(isFile ? [] : checkReservedKeys(config.reservedFieldKeys, pass)),
    ...findForGoogleWallet(offer, forGoogle),
    ...(passTypeIdentifier === undefined || !offersApple(offer.wallets)
      ? []
      : await findCertificateFaults(db, passTypeIdentifier, now)),
  ];
  return { findings: reportFindings(found) };
}

/**
 * A template without icon.png is refused, so its finding is an error here. The facts include derived images, so a
 * missing icon.png means that it could not be scaled from a sharper icon.
 */
function raiseMissingIcon(finding: Finding): Finding {
  if (finding.code !== "missing_icon" || finding.severity === "error") return finding;
  const message =
    "icon.png is missing, and Edgepass cannot make it from the sharper icon, which is too large or cannot be decoded as a PNG.";
  return { ...finding, severity: "error", message };
}

/** An invalid template has other errors, which come first. */
function checkReservedKeys(reserved: ReadonlyMap<string, string>, pass: unknown): Finding[] {
  const parsed = reserved.size === 0 ? undefined : safeParseExactly(templatePass, pass);
  const found = parsed?.success === true ? findReservedKey(reserved, parsed.data) : undefined;
  if (found === undefined) return [];
  return [error("reserved_key", found.pointer, found.why, "Give the field another key.")];
}

/** None for an invalid template: it has other errors, which come first. */
function findForGoogleWallet(
  offer: Offer,
  {
    pass,
    ...parts
  }: Pick<Required<TemplateLintRequest>, "pass" | "strings"> &
    Pick<Parameters<typeof findForGoogle>[1], "images" | "google">,
): Finding[] {
  const parsed = safeParseExactly(templatePass, pass);
  return parsed.success ? findForGoogle(offer, { ...parts, template: parsed.data }) : [];
}

/** The findings about the certificates of the pass type that a request names. */
export async function findCertificateFaults(
  db: Context["db"],
  passTypeIdentifier: string,
  now: number,
): Promise<Finding[]> {
  const times = await findCertificateTimes(db, passTypeIdentifier);
  return lintCertificates(passTypeIdentifier, times, "/passTypeIdentifier", now);
}
