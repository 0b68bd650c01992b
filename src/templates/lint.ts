/**
 * The linter's word on a template: what is refused of a new or changed one, and what its maker is told.
 *
 * The rules are pkpass/lint/lint.ts. What is wrong with a file that Wallet refuses in any case (an image that is none) was
 * refused before (images.ts).
 */
import type { Strings } from "../db/schema.ts";
import { ApiError } from "../errors.ts";
import { pointerTo } from "../json.ts";
import type { Finding } from "../pkpass/finding.ts";
import { readPngHeader } from "../pkpass/images/names.ts";
import { type ImageFacts, lint } from "../pkpass/lint/lint.ts";
import { fullImages, MAX_BYTES } from "./images.ts";
import type { Images } from "./packs.ts";

/** What the linter looks at: a template's row, or what is to become one. */
export interface Lintable {
  /** pass.json without the identity. */
  readonly pass: unknown;
  readonly images: Readonly<Record<string, ImageFacts & { readonly derivedFrom?: string }>>;
  readonly strings: Strings;
  /** Null like absent: Wallet asks for nothing. */
  readonly personalization?: unknown;
}

/** The parts of it that a request brings. */
export interface Brought {
  readonly pass?: unknown;
  readonly images?: Images | undefined;
  readonly strings?: Strings | undefined;
  readonly personalization?: unknown;
}

/** As answers carry it. */
export interface LintReport {
  readonly findings: readonly Finding[];
}

/** All that a phone would find of what was sent: an image that Edgepass derived of another is as good as that one. */
export function lintTemplate({ pass, images, strings, personalization }: Lintable): LintReport {
  const findings = lint({
    kind: "template",
    pass,
    images: new Map(Object.entries(images)),
    strings,
    personalization: personalization ?? undefined,
  });
  const derived = Object.entries(images).filter(([, { derivedFrom }]) => derivedFrom !== undefined);
  const pointers = new Set(derived.map(([path]) => pointerTo(["images", path])));
  return { findings: findings.filter(({ pointer }) => !pointers.has(pointer)) };
}

/**
 * Refuses what Wallet would refuse of what a request brings. The rest of the template was judged when it came; what hangs
 * on both is never an error in the linter's rules.
 * @throws ApiError invalid_pass, with the findings
 */
export function refuseInvalid({ pass, images, strings, personalization }: Brought): void {
  const parts = { pass, images, strings, personalization };
  const brought = new Set(
    Object.entries(parts).flatMap(([part, value]) => (value === undefined ? [] : part)),
  );
  const facts = toLintImages(images ?? new Map());
  const report = lintTemplate({ pass: pass ?? {}, images: facts, strings: strings ?? {}, personalization });
  const findings = report.findings.filter(({ pointer }) => brought.has(pointer.split("/")[1] ?? ""));
  const errors = findings.filter(isError);
  if (errors.length > 0) throw invalidPass(errors, findings);
}

/** @param errors what refuses it. @param findings all that is told with it */
export function invalidPass(errors: readonly Finding[], findings: readonly Finding[]): ApiError {
  const [first] = errors;
  return new ApiError("invalid_pass", `${first?.message} ${first?.cure}`, {
    ...(first === undefined ? {} : { pointer: first.pointer }),
    extra: { findings },
  });
}

export function isError({ severity }: Finding): boolean {
  return severity === "error";
}

/** The facts of images as a template would hold them, with the densities that it would derive. */
export function toFullLintImages(sent: Images): Lintable["images"] {
  const { files, derivedFrom } = fullImages(sent, MAX_BYTES);
  const facts = Object.entries(toLintImages(files)).map(([path, known]) => {
    const source = derivedFrom.get(path);
    return [path, source === undefined ? known : { ...known, derivedFrom: source }] as const;
  });
  return Object.fromEntries(facts);
}

/** What the headers of images say. Those that are no PNG are left out: they are refused in their own words. */
export function toLintImages(images: Images): Record<string, ImageFacts> {
  const facts = [...images].flatMap(([path, bytes]) => {
    const header = readPngHeader(bytes);
    return header === undefined ? [] : [[path, { ...header, bytes: bytes.length }] as const];
  });
  return Object.fromEntries(facts);
}
