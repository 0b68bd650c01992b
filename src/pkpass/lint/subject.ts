/**
 * The input of the linter: pass.json and the other files of a template, of one pass or of a finished .pkpass.
 */

/** Width and height in pixels, from the PNG header, and the size of the file. */
export interface LintImage {
  readonly width: number;
  readonly height: number;
  readonly bytes: number;
}

export interface LintSubject {
  /**
   * template: fields may lack values, and the identity is absent.
   * pass: template, event and pass merged, as a phone shows it.
   * file: a complete .pkpass.
   */
  kind: "template" | "pass" | "file";
  /** pass.json, parsed. */
  pass: unknown;
  /** By path in the .pkpass. */
  images: ReadonlyMap<string, LintImage>;
  /** Language → text of pass.json → its translation. */
  strings: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** personalization.json, parsed. */
  personalization?: unknown;
  /** From the subject of the certificate, if it is known. Only for a file. */
  certificate?: { passTypeIdentifier: string | undefined; teamIdentifier: string | undefined } | undefined;
}

/** For messages about something missing: the events and passes of a template may add it. */
export function unlessLater({ kind }: LintSubject): string {
  return kind === "template" ? " An event or a pass of this template may add it." : "";
}
