/**
 * All that is wrong with a .pkpass: its files, manifest, signature, and what its pass.json says.
 */
import { type Finding, sorted } from "../finding.ts";
import { readPngHeader } from "../images/names.ts";
import { lint } from "../lint/lint.ts";
import type { ImageFacts } from "../lint/subject.ts";
import type { Files } from "./archive.ts";
import { manifestFindings } from "./manifest.ts";
import { brokenImage, imageFault, type ReadPkpass } from "./read.ts";
import { verifySignature } from "./verify.ts";

/**
 * Sorted by pointer, each (code, pointer) once.
 * @param now milliseconds: when the certificates have to be valid
 */
export async function inspectBundle(bundle: ReadPkpass, now: number): Promise<Finding[]> {
  const { files, pass, images, strings, personalization } = bundle;
  const { findings, certificate } = await verifySignature(
    files.get("signature"),
    files.get("manifest.json"),
    now,
  );
  const said =
    pass === undefined
      ? []
      : lint({
          kind: "file",
          pass,
          images: imageFacts(images),
          strings,
          ...(personalization === undefined ? {} : { personalization }),
          ...(certificate === undefined ? {} : { certificate }),
        });
  return sorted([...bundle.findings, ...(await manifestFindings(files)), ...findings, ...said]);
}

/** What the linter is told of images. Those that are no PNG are left out. */
export function imageFacts(images: Files): Map<string, ImageFacts> {
  const facts = new Map<string, ImageFacts>();
  for (const [path, bytes] of images) {
    const header = readPngHeader(bytes);
    if (header !== undefined) facts.set(path, { ...header, bytes: bytes.length });
  }
  return facts;
}

/** The images that are none. */
export function imageFindings(images: Files): Finding[] {
  return [...images].flatMap(([path, bytes]) => {
    const fault = imageFault(bytes);
    return fault === undefined ? [] : brokenImage(path, fault);
  });
}
