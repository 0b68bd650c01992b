/**
 * One row of the linter's table: a sample, what is broken of it, and what the linter has to say then.
 */
import type { Finding, LintCode } from "../../../src/pkpass/finding.ts";
import type { LintSubject } from "../../../src/pkpass/lint/lint.ts";
import type { Sample } from "../samples/sample.ts";

/** RFC 6901 pointer → what stands there instead; undefined removes. Images are [width, height, bytes?] in pixels. */
export type Changes = Readonly<Record<string, unknown>>;

interface More {
  /** A finished file, if nothing is said. */
  readonly kind?: LintSubject["kind"];
  /** What else such a pass cannot but be told. */
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
