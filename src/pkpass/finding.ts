/**
 * A finding: something wrong with a pass, found before an iPhone sees it. With an error, Wallet refuses the pass. With
 * a warning, the pass looks wrong, shows no notification or falls back to an older layout.
 *
 * The pointer is an RFC 6901 pointer into the request body: /pass/eventTicket/primaryFields/0/dateStyle,
 * /images/fr.lproj~1logo.png, /strings/fr/Terms, /personalization/description.
 */
import { FINDINGS } from "../memory.ts";
import type { CodeOf, LintCode } from "./codes.ts";

export interface Finding {
  readonly severity: "error" | "warning";
  readonly code: LintCode;
  /** The first place. */
  readonly pointer: string;
  /** All places, the first included, but at most 20. Only if there are several. */
  readonly pointers?: readonly string[];
  /** What is wrong. */
  readonly message: string;
  /** How to fix it, as an imperative sentence. */
  readonly cure: string;
}

/** A finding that makes Wallet refuse the pass. */
export function error(code: CodeOf<"error">, pointer: string, message: string, cure: string): Finding {
  return { severity: "error", code, pointer, message: limitText(message), cure: limitText(cure) };
}

/** A finding that makes the pass look wrong, show no notification or fall back to an older layout. */
export function warning(code: CodeOf<"warning">, pointer: string, message: string, cure: string): Finding {
  return { severity: "warning", code, pointer, message: limitText(message), cure: limitText(cure) };
}

/** The text, truncated if it is long: a message may name a key or a value of the file. */
export function limitText(text: string): string {
  if (text.length <= FINDINGS.textCharacters) return text;
  // A slice would refer to the whole text, which would stay in memory.
  return `${[...text.slice(0, FINDINGS.textCharacters)].join("").toWellFormed()}…`;
}

/** Nobody reads more findings, and for a hostile file the response could be many times larger than the file. */
const MAX_FINDINGS = 200;

/**
 * Sorts by pointer, then errors first, then by code. If several have the same code and pointer, it keeps only the
 * first.
 */
export function sortFindings(findings: readonly Finding[]): Finding[] {
  const distinct = new Map<string, Finding>();
  for (const finding of findings) {
    const key = `${finding.code} ${finding.pointer}`;
    if (!distinct.has(key)) distinct.set(key, finding);
  }
  return [...distinct.values()].sort(
    (a, b) => compare(a.pointer, b.pointer) || compare(a.severity, b.severity) || compare(a.code, b.code),
  );
}

/** By code unit, so that the order is the same everywhere. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Limits the places of one finding. Its message has the number of all places. */
const MAX_PLACES = 20;
/** A check of a hostile file may stop after this many findings, so the number of places is only a lower bound then. */
export const MAX_FOUND = FINDINGS.collected;

/**
 * The findings up to the limits of memory.ts, for errors and warnings separately, so that no number of warnings hides an
 * error. It reads only as many as it returns, if there are enough of both.
 */
export function limitFindings(findings: Iterable<Finding>): Finding[] {
  const limited: Finding[] = [];
  const left = {
    error: { findings: MAX_FOUND, characters: FINDINGS.characters },
    warning: { findings: MAX_FOUND, characters: FINDINGS.characters },
  };
  const isSpent = ({ findings, characters }: typeof left.error) => findings <= 0 || characters <= 0;
  for (const finding of findings) {
    const own = left[finding.severity];
    if (!isSpent(own)) {
      own.findings -= 1;
      own.characters -= finding.pointer.length + finding.message.length + finding.cure.length;
      limited.push(finding);
    } else if (isSpent(left.error) && isSpent(left.warning)) break;
  }
  return limited;
}

/**
 * A report for people: sorted, one finding for all places with the same fault, and at most 200 findings. If a report is
 * filtered or its pointers change, do that first.
 */
export function reportFindings(findings: readonly Finding[]): readonly Finding[] {
  return truncateFindings(groupFindings(sortFindings(findings)));
}

/**
 * Makes one finding of those with the same code and the same cure in the same part (/pass, /images …). It has the
 * pointer and the message of the first, and all pointers.
 */
function groupFindings(sorted: readonly Finding[]): Finding[] {
  const kindOf = ({ severity, code, cure, pointer }: Finding) =>
    `${severity} ${code} ${pointer.split("/", 2)[1]} ${cure}`;
  const atLeast = sorted.length >= MAX_FOUND ? "at least " : "";
  return [...Map.groupBy(sorted, kindOf).values()].flatMap((same) => {
    const [first, second] = same;
    if (first === undefined || second === undefined) return same;
    const others = same.length - 1;
    const more =
      others === 1
        ? `The same is true of ${limitText(second.pointer)}.`
        : `The same is true of ${atLeast}${others} other places.`;
    const pointers = same.slice(0, MAX_PLACES).map(({ pointer }) => pointer);
    return { ...first, message: `${first.message} ${more}`, pointers };
  });
}

/**
 * Limits the list to 200 findings: errors are preferred to warnings, the order is preserved, and a `findings_truncated`
 * in front gives the number of the others.
 */
export function truncateFindings(findings: readonly Finding[]): readonly Finding[] {
  if (findings.length <= MAX_FINDINGS) return findings;
  const errorsFirst = [
    ...findings.filter(({ severity }) => severity === "error"),
    ...findings.filter(({ severity }) => severity === "warning"),
  ];
  const shown = new Set(errorsFirst.slice(0, MAX_FINDINGS));
  const truncated = warning(
    "findings_truncated",
    "/pass",
    `Only the first ${MAX_FINDINGS} findings are listed. There are at least ${findings.length - MAX_FINDINGS} more.`,
    "Fix these, then check again.",
  );
  return [truncated, ...findings.filter((finding) => shown.has(finding))];
}
