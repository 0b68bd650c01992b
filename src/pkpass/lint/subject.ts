/**
 * What the linter is given: a pass.json and what lies beside it, of a template, of one pass or of a finished file.
 */

/** An image's measures in pixels, from its PNG header, and its size. */
export interface ImageFacts {
  readonly width: number;
  readonly height: number;
  readonly bytes: number;
}

export interface LintSubject {
  /** template: fields may lack values, identity keys are absent. pass: template, event and pass merged, as a phone gets it. file: all of a .pkpass */
  kind: "template" | "pass" | "file";
  /** pass.json as JSON. */
  pass: unknown;
  /** Bundle path → what is known of the image. */
  images: ReadonlyMap<string, ImageFacts>;
  /** Language → text as it stands in pass.json → its translation. */
  strings: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** personalization.json as JSON. */
  personalization?: unknown;
  /** What the certificate says, where it is known (file). */
  certificate?: { passTypeIdentifier: string | undefined; teamIdentifier: string | undefined };
}

/** What follows "there is no …": what a template lacks, its events and passes may bring. */
export function unlessLater({ kind }: LintSubject): string {
  return kind === "template" ? " An event or a pass of the template may bring it." : "";
}
