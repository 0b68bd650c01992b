/**
 * One case of the linter: a sample, what is changed in it, and the expected finding.
 */
import type { LintCode } from "../../../src/pkpass/codes.ts";
import type { Finding } from "../../../src/pkpass/finding.ts";
import type { LintSubject } from "../../../src/pkpass/lint/lint.ts";
import type { Sample } from "../samples/sample.ts";

/** RFC 6901 pointer → the new value; undefined removes it. Images are [width, height, bytes?] in pixels. */
export type Changes = Readonly<Record<string, unknown>>;

interface More {
  /** A finished file by default. */
  readonly kind?: LintSubject["kind"];
  /** Other findings that the change causes. */
  readonly beside?: readonly LintCode[];
}

export interface Case extends More {
  readonly severity: Finding["severity"];
  readonly code: LintCode;
  readonly pointer: string;
  readonly of: Sample;
  readonly changes: Changes;
}

/** A change of what the pointer of the finding names. */
class Here {
  readonly value: unknown;
  constructor(value: unknown) {
    this.value = value;
  }
}

export const to = (value: unknown) => new Here(value);
export const gone = new Here(undefined);

type Row = (code: LintCode, pointer: string, of: Sample, change: Changes | Here, more?: More) => Case;

function rowOf(severity: Finding["severity"]): Row {
  return (code, pointer, of, change, more = {}) => {
    const changes = change instanceof Here ? { [pointer]: change.value } : change;
    return { severity, code, pointer, of, changes, ...more };
  };
}

export const error = rowOf("error");
export const warning = rowOf("warning");
