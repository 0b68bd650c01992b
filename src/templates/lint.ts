/**
 * Lints templates. With errors, a new or changed template is refused; warnings are part of the response.
 *
 * The rules are in pkpass/lint/lint.ts. Invalid image files are refused earlier (images.ts).
 */
import type { Strings } from "../db/schema.ts";
import { ApiError } from "../errors.ts";
import { withoutGoogleImages } from "../google/images.ts";
import { memberOf, parsePointer, pointerTo, writeJson } from "../json.ts";
import { type Finding, reportFindings } from "../pkpass/finding.ts";
import { readPngHeader } from "../pkpass/images/names.ts";
import { findFaults, type LintImage } from "../pkpass/lint/lint.ts";
import { fullImages, MAX_IMAGE_BYTES } from "./images.ts";
import type { Images } from "./packs.ts";

/** What the linter reads: the content of a template, stored or new. */
export interface Lintable {
  /** pass.json without the identity. */
  readonly pass: unknown;
  readonly images: Readonly<Record<string, LintImage & { readonly derivedFrom?: string }>>;
  readonly strings: Strings;
  /** Null means that there is none, and Wallet asks for nothing. */
  readonly personalization?: unknown;
}

/** The content of a new template. */
export interface NewParts {
  readonly pass: unknown;
  /** With derived densities. */
  readonly images: Images;
  readonly strings: Strings;
  readonly personalization?: unknown;
}

/** The report in responses. */
export interface LintReport {
  readonly findings: readonly Finding[];
}

/** The report of a template. */
export function lintTemplate(template: Lintable): LintReport {
  return { findings: reportFindings(findTemplateFaults(template)) };
}

/**
 * A finding for each place in a template. Images that Edgepass derived are skipped, because any fault in them is a fault of
 * their source.
 */
export function findTemplateFaults({ pass, images, strings, personalization }: Lintable): Finding[] {
  const findings = findFaults({
    kind: "template",
    pass,
    images: new Map(Object.entries(withoutGoogleImages(images))),
    strings,
    personalization: personalization ?? undefined,
  });
  const derived = Object.entries(images).filter(([, { derivedFrom }]) => derivedFrom !== undefined);
  const pointers = new Set(derived.map(([path]) => pointerTo(["images", path])));
  return findings.filter(({ pointer }) => !pointers.has(pointer));
}

/**
 * Refuses a new template that Wallet would refuse.
 * @throws ApiError invalid_pass, with the findings
 */
export function refuseInvalid({ pass, images, strings, personalization }: NewParts): void {
  const parts = { pass, images: readImageSizes(images), strings, personalization };
  const findings = reportFindings(findTemplateFaults(parts));
  const errors = findings.filter(isError);
  if (errors.length > 0) throw invalidPass(errors, findings);
}

/**
 * Refuses a change of a template if Wallet would refuse the result. An error that the template had before, at a place that
 * the change does not touch, does not count: so a template that an older version of Edgepass accepted can still be changed.
 * @throws ApiError invalid_pass, with the findings in the whole template
 */
export function refuseNewErrors(before: Lintable, after: Lintable): void {
  const faults = findTemplateFaults(after);
  if (!faults.some(isError)) return;
  const earlier = new Set(findTemplateFaults(before).filter(isError).map(nameOf));
  const isOld = (fault: Finding) => earlier.has(nameOf(fault)) && isSameAt(fault.pointer, before, after);
  const errors = faults.filter((fault) => isError(fault) && !isOld(fault));
  if (errors.length > 0) throw invalidPass(reportFindings(errors), reportFindings(faults));
}

function nameOf({ code, pointer }: Finding): string {
  return `${code} ${pointer}`;
}

/** Whether both have the same value at this pointer. */
function isSameAt(pointer: string, before: Lintable, after: Lintable): boolean {
  const valueIn = (root: unknown) => parsePointer(pointer).reduce(memberOf, root);
  return writeJson(valueIn(before)) === writeJson(valueIn(after));
}

/**
 * The refusal of these errors. A number that is too large gets the same code as in a JSON body.
 * @param errors the reason
 * @param findings all findings, for the response
 */
export function invalidPass(errors: readonly Finding[], findings: readonly Finding[]): ApiError {
  const tooLarge = errors.find(({ code }) => code === "number_not_exact");
  const first = tooLarge ?? errors[0];
  return new ApiError(
    tooLarge === undefined ? "invalid_pass" : "number_not_exact",
    `${first?.message} ${first?.cure}`,
    {
      ...(first === undefined ? {} : { pointer: first.pointer }),
      extra: { findings },
    },
  );
}

/** Whether Wallet refuses the pass because of this finding. */
export function isError({ severity }: Finding): boolean {
  return severity === "error";
}

/** Like readImageSizes, but including the densities that a template would derive. */
export function toFullLintImages(sent: Images): Lintable["images"] {
  const { files, derivedFrom } = fullImages(sent, MAX_IMAGE_BYTES);
  const lintImages = Object.entries(readImageSizes(files)).map(([path, image]) => {
    const source = derivedFrom.get(path);
    return [path, source === undefined ? image : { ...image, derivedFrom: source }] as const;
  });
  return Object.fromEntries(lintImages);
}

/** Width, height and size of images. Files that are not PNG are left out: checkImages refuses them. */
export function readImageSizes(images: Images): Record<string, LintImage> {
  const facts = [...images].flatMap(([path, bytes]) => {
    const header = readPngHeader(bytes);
    return header === undefined ? [] : [[path, { ...header, bytes: bytes.length }] as const];
  });
  return Object.fromEntries(facts);
}
