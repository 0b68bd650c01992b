/**
 * Finds everything that is wrong with a .pkpass: its files, manifest, signature and content. A template of Pass Designer has
 * neither manifest nor signature, and its content is checked as that of a template.
 */

import { isObject } from "../../json.ts";
import { type Finding, sortFindings } from "../finding.ts";
import { readPngHeader } from "../images/names.ts";
import { findFaults } from "../lint/lint.ts";
import type { LintImage } from "../lint/subject.ts";
import { RESERVED_KEYS } from "../schema/schema.ts";
import type { Files } from "./archive.ts";
import { checkManifest } from "./manifest.ts";
import { brokenImage, findImageFault, type ReadPkpass } from "./read.ts";
import { verifySignature } from "./verify.ts";

/**
 * A finding for each place, sorted by pointer (finding.ts makes a report of them). Each code occurs once per pointer.
 * @param now milliseconds: the certificates must be valid at this time
 */
export async function inspectPkpass(pkpass: ReadPkpass, now: number): Promise<Finding[]> {
  if (pkpass.kind === "template") return inspectTemplate(pkpass);
  const { files, pass, images, strings, personalization } = pkpass;
  const { findings, certificate } = await verifySignature(
    files.get("signature"),
    files.get("manifest.json"),
    now,
  );
  const content =
    pass === undefined
      ? []
      : findFaults({
          kind: "file",
          pass,
          images: toLintImages(images),
          strings,
          ...(personalization === undefined ? {} : { personalization }),
          ...(certificate === undefined ? {} : { certificate }),
        });
  return sortFindings([...pkpass.findings, ...(await checkManifest(files)), ...findings, ...content]);
}

/** A template has no identity yet, and Edgepass makes the @1x images that Pass Designer does not write. */
function inspectTemplate({ findings, pass, images, strings, personalization }: ReadPkpass): Finding[] {
  if (pass === undefined) return sortFindings(findings);
  const content = findFaults({
    kind: "template",
    pass: withoutIdentity(pass),
    images: toLintImages(images),
    strings,
    ...(personalization === undefined ? {} : { personalization }),
  }).filter(({ code, severity }) => code !== "missing_icon" || severity === "error");
  return sortFindings([...findings, ...content]);
}

/** pass.json without the keys that Edgepass sets itself. */
function withoutIdentity(pass: unknown): unknown {
  if (!isObject(pass)) return pass;
  return Object.fromEntries(Object.entries(pass).filter(([key]) => !Object.hasOwn(RESERVED_KEYS, key)));
}

/** Reads the size of each image for the linter. Files that are not PNGs are left out. */
export function toLintImages(images: Files): Map<string, LintImage> {
  const sizes = new Map<string, LintImage>();
  for (const [path, bytes] of images) {
    const header = readPngHeader(bytes);
    if (header !== undefined) sizes.set(path, { ...header, bytes: bytes.length });
  }
  return sizes;
}

/** Returns a finding for each image that is not a complete PNG. */
export function findBrokenImages(images: Files): Finding[] {
  return [...images].flatMap(([path, bytes]) => {
    const fault = findImageFault(bytes);
    return fault === undefined ? [] : brokenImage(path, fault);
  });
}
