/**
 * Matches an answer against a field's `pattern` in time that is linear in the answer.
 *
 * JavaScript's engine backtracks, which takes exponential time for `(\w+ ?)*` and an answer that does not match. Anybody can
 * send such an answer. So this engine follows all paths at the same time, one character after the other.
 *
 * Pure. The syntax and the meaning are those of HTML's pattern attribute (a regular expression with the flag v, for the whole
 * text), without look-around, back-references, modifiers and sets of strings. Follows Thompson, "Regular Expression Search
 * Algorithm" (1968).
 */

/** The most steps of a pattern, and so the most work for each character of an answer. */
const MAX_STEPS = 2000;

type Node =
  | { readonly kind: "character"; readonly test: RegExp }
  | { readonly kind: "assertion"; readonly holds: Assertion }
  | { readonly kind: "sequence"; readonly parts: readonly Node[] }
  | { readonly kind: "choice"; readonly branches: readonly Node[] }
  | { readonly kind: "repeat"; readonly part: Node; readonly min: number; readonly max: number };

/** Whether the assertion holds between two characters. At the ends of the text, one of them is empty. */
type Assertion = (before: string, after: string) => boolean;

type Step =
  | { readonly kind: "character"; readonly test: RegExp }
  | { readonly kind: "assertion"; readonly holds: Assertion }
  /** Continues at each of these steps. */
  | { readonly kind: "fork"; readonly to: number[] };

/** @throws SyntaxError if it is no regular expression, or one that cannot be matched in linear time */
export function compilePattern(text: string): (answer: string) => boolean {
  new RegExp(text, "v"); // the parser below reads only what is valid
  const steps: Step[] = [];
  emit(new Parser(text).readChoice(), steps);
  return (answer) => matches(steps, answer);
}

function matches(steps: readonly Step[], answer: string): boolean {
  const characters = [...answer];
  let reached = follow(steps, [0], "", characters[0] ?? "");
  for (const [index, character] of characters.entries()) {
    const next = [...reached].filter((at) => {
      const step = steps[at];
      return step?.kind === "character" && step.test.test(character);
    });
    if (next.length === 0) return false;
    const after = characters[index + 1] ?? "";
    reached = follow(
      steps,
      next.map((at) => at + 1),
      character,
      after,
    );
  }
  return reached.has(steps.length);
}

/**
 * The indexes of the steps that can be reached without reading a character. The end of the pattern is the index after the
 * last step.
 */
function follow(steps: readonly Step[], from: readonly number[], before: string, after: string): Set<number> {
  const reached = new Set(from);
  for (const at of reached) {
    const step = steps[at];
    if (step?.kind === "fork") for (const next of step.to) reached.add(next);
    else if (step?.kind === "assertion" && step.holds(before, after)) reached.add(at + 1);
  }
  return reached;
}

/** Appends the steps of a node. The next node begins at the index after them. */
function emit(node: Node, steps: Step[]): void {
  switch (node.kind) {
    case "character":
    case "assertion":
      append(steps, node);
      return;
    case "sequence":
      for (const part of node.parts) emit(part, steps);
      return;
    case "choice": {
      const ends: number[][] = [];
      for (const [index, branch] of node.branches.entries()) {
        const isLast = index === node.branches.length - 1;
        const to = fork(steps);
        to.push(steps.length);
        emit(branch, steps);
        ends.push(fork(steps));
        if (!isLast) to.push(steps.length);
      }
      for (const to of ends) to.push(steps.length);
      return;
    }
    case "repeat":
      emitRepeat(node, steps);
  }
}

function emitRepeat({ part, min, max }: Extract<Node, { kind: "repeat" }>, steps: Step[]): void {
  const start = steps.length;
  for (let count = 0; count < min; count++) {
    emit(part, steps);
    if (steps.length === start) return; // the part is empty, and min may be large
  }
  if (max === Number.POSITIVE_INFINITY) {
    const to = fork(steps);
    const loop = steps.length;
    to.push(loop);
    emit(part, steps);
    fork(steps).push(loop - 1);
    to.push(steps.length);
    return;
  }
  const skips: number[][] = [];
  for (let count = min; count < max; count++) {
    const to = fork(steps);
    skips.push(to);
    to.push(steps.length);
    emit(part, steps);
  }
  for (const to of skips) to.push(steps.length);
}

/** @returns the targets of the fork, for the caller to fill */
function fork(steps: Step[]): number[] {
  const to: number[] = [];
  append(steps, { kind: "fork", to });
  return to;
}

function append(steps: Step[], step: Step): void {
  if (steps.length >= MAX_STEPS) throw new SyntaxError("The pattern repeats too much.");
  steps.push(step);
}

const GROUP = /\((?:\?(?::|<[^=!>]+>))?/y;
const QUANTIFIER = /(?:[*+?]|\{(\d+)(,(\d*))?\})\??/y;
const CHARACTER =
  /\\u[dD][89abAB][\da-fA-F]{2}\\u[dD][c-fC-F][\da-fA-F]{2}|\\u\{[\da-fA-F]+\}|\\u[\da-fA-F]{4}|\\x[\da-fA-F]{2}|\\c[A-Za-z]|\\[pP]\{[^}]*\}|\\0|\\[^ukpPxc0-9]|[^\\]/suy;
const IS_WORD = /^\w$/;

/** Splits a valid regular expression into its characters, which the engine of JavaScript tests one by one. */
class Parser {
  #at = 0;
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  readChoice(): Node {
    const branches = [this.#readSequence()];
    while (this.#skip("|")) branches.push(this.#readSequence());
    return branches.length === 1 && branches[0] !== undefined ? branches[0] : { kind: "choice", branches };
  }

  #readSequence(): Node {
    const parts: Node[] = [];
    while (this.#at < this.#text.length && !"|)".includes(this.#text.charAt(this.#at)))
      parts.push(this.#readRepeated());
    return { kind: "sequence", parts };
  }

  #readRepeated(): Node {
    const part = this.#readAtom();
    const found = this.#match(QUANTIFIER);
    if (found === undefined) return part;
    const [sign, least, comma, most] = found;
    if (least !== undefined) {
      const min = Number(least);
      const max = comma === undefined ? min : most === "" ? Number.POSITIVE_INFINITY : Number(most);
      return { kind: "repeat", part, min, max };
    }
    const max = sign.startsWith("?") ? 1 : Number.POSITIVE_INFINITY;
    return { kind: "repeat", part, min: sign.startsWith("+") ? 1 : 0, max };
  }

  #readAtom(): Node {
    if (this.#text.startsWith("(", this.#at)) return this.#readGroup();
    if (this.#skip("^")) return { kind: "assertion", holds: (before) => before === "" };
    if (this.#skip("$")) return { kind: "assertion", holds: (_before, after) => after === "" };
    if (this.#skip("\\b")) return { kind: "assertion", holds: isWordBoundary };
    if (this.#skip("\\B"))
      return { kind: "assertion", holds: (before, after) => !isWordBoundary(before, after) };
    const source = this.#text.startsWith("[", this.#at) ? this.#readClass() : this.#match(CHARACTER)?.[0];
    if (source === undefined) throw new SyntaxError("The pattern has a back-reference.");
    // Only a set of single characters has a complement.
    if (/^(?:\[|\\[pP])/.test(source)) new RegExp(`[^${source}]`, "v");
    return { kind: "character", test: new RegExp(`^${source}$`, "v") };
  }

  #readGroup(): Node {
    const start = this.#match(GROUP)?.[0] ?? "";
    if (this.#text.startsWith("?", this.#at)) throw new SyntaxError(`The pattern has "${start}?".`);
    const group = this.readChoice();
    this.#skip(")");
    return group;
  }

  /** Classes may contain classes. */
  #readClass(): string {
    const start = this.#at;
    let depth = 0;
    do {
      const character = this.#text.charAt(this.#at);
      if (character === "\\") this.#at += 1;
      else if (character === "[") depth += 1;
      else if (character === "]") depth -= 1;
      this.#at += 1;
    } while (depth > 0);
    return this.#text.slice(start, this.#at);
  }

  #skip(text: string): boolean {
    const isNext = this.#text.startsWith(text, this.#at);
    if (isNext) this.#at += text.length;
    return isNext;
  }

  #match(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text) ?? undefined;
    if (found !== undefined) this.#at = pattern.lastIndex;
    return found;
  }
}

function isWordBoundary(before: string, after: string): boolean {
  return IS_WORD.test(before) !== IS_WORD.test(after);
}
