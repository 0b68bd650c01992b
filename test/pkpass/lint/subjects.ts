/**
 * A sample as the linter is given it, and what breaks of it.
 */
import type { LintImage, LintSubject } from "../../../src/pkpass/lint/lint.ts";
import type { Sample } from "../samples/sample.ts";
import type { Changes } from "./case.ts";

/** The keys that a finished file has in addition to those of its template. */
export const IDENTITY = {
  formatVersion: 1,
  passTypeIdentifier: "pass.com.example.sample",
  teamIdentifier: "A1B2C3D4E5",
  serialNumber: "0001",
  webServiceURL: "https://passes.example.com",
  authenticationToken: "a-token-of-32-characters-or-more",
};

export function subjectOf(sample: Sample, kind: LintSubject["kind"], changes: Changes = {}): LintSubject {
  const draft: Record<string, unknown> = structuredClone({
    pass: kind === "file" ? { ...sample.pass, ...IDENTITY } : sample.pass,
    images: Object.fromEntries(sample.images.map(([path, width, height]) => [path, [width, height]])),
    strings: sample.strings,
    personalization: sample.personalization,
    certificate: kind === "file" ? { ...IDENTITY } : undefined,
  });
  for (const [pointer, value] of Object.entries(changes)) change(draft, pointer, value);
  return {
    kind,
    pass: draft.pass,
    images: factsOf(draft.images as Record<string, readonly [number, number, number?]>),
    strings: draft.strings as LintSubject["strings"],
    personalization: draft.personalization,
    certificate: draft.certificate as LintSubject["certificate"],
  };
}

export function factsOf(
  images: Readonly<Record<string, readonly [width: number, height: number, bytes?: number]>>,
): Map<string, LintImage> {
  return new Map(
    Object.entries(images).map(([path, [width, height, bytes = 2000]]) => [path, { width, height, bytes }]),
  );
}

/** Sets or removes the value at the pointer, and creates the objects on the way. */
function change(root: Record<string, unknown>, pointer: string, value: unknown): void {
  const keys = pointer
    .split("/")
    .slice(1)
    .map((key) => key.replaceAll("~1", "/").replaceAll("~0", "~"));
  const last = keys.pop() ?? "";
  let holder = root;
  for (const key of keys) {
    holder[key] ??= {};
    holder = holder[key] as Record<string, unknown>;
  }
  if (value === undefined) delete holder[last];
  else holder[last] = value;
}
