/**
 * All that is wrong with a .pkpass: its files, manifest, signature, and what its pass.json says.
 */
import { type Finding, sorted } from "../finding.ts";
import { readPngHeader } from "../images.ts";
import type { ImageFacts } from "../lint/subject.ts";
import { lint } from "../lint.ts";
import { brokenImage, imageFault, type ReadBundle } from "../read.ts";
import { verifySignature } from "../verify.ts";
import type { Files } from "./archive.ts";
import { manifestFindings } from "./manifest.ts";

/**
 * Sorted by pointer, each (code, pointer) once.
 * @param now milliseconds: when the certificates have to be valid
 */
export async function inspectBundle(bundle: ReadBundle, now: number): Promise<Finding[]> {
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
