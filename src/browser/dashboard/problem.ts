/**
 * Why something did not work, as a person reads it: what the server says (RFC 9457), or that there was no answer.
 */
import { parsePointer } from "../../json.ts";
import type { Answer } from "../request.ts";
import { withoutCalls } from "./words.ts";

export interface Problem {
  readonly detail: string;
  /** Stable, for support and programs. Null: the server did not answer. */
  readonly code: string | null;
  /** JSON Pointer to the fault in what was sent. */
  readonly pointer: string | null;
}

const UNREACHABLE = {
  network: "There is no connection to the service. Check the network, and try again.",
  timeout: "The service did not answer in time. Try again.",
  busy: "The service cannot answer now. Try again in a moment.",
  not_ours: "Something else answered in place of the service, such as the sign-in page of a Wi-Fi.",
} as const;

export function problemOf(answer: Exclude<Answer<unknown>, { kind: "ok" }>): Problem {
  if (answer.kind === "unreachable") {
    const { reason, detail = "" } = answer;
    return {
      detail: detail === "" ? UNREACHABLE[reason] : withoutCalls(detail),
      code: null,
      pointer: null,
    };
  }
  const { code, detail, pointer = null } = answer;
  return { detail: detail === "" ? code : withoutCalls(detail), code, pointer };
}

/** The problem if it is at none of these places of the body, whose fields show it. */
export function problemElsewhere(problem: Problem | null, pointers: readonly string[]): Problem | null {
  return pointers.some((pointer) => problemAt(problem, pointer) !== null) ? null : problem;
}

/** The problem if it is at this place of the body. */
export function problemAt(problem: Problem | null, pointer: string): Problem | null {
  return problem?.pointer === pointer || problem?.pointer?.startsWith(`${pointer}/`) ? problem : null;
}

/** What is wrong, with the label of the field. The server names the member of the body, which people do not see. */
export function problemWords({ detail, pointer }: Problem, label: string): string {
  const member = pointer === null ? "" : `"${parsePointer(pointer).join(".")}"`;
  // In front of it if a change of a part was merged into what is stored.
  const words = detail.replace(/^After the change, /, "");
  if (member === "" || !words.startsWith(member)) return detail;
  return `“${label.replace(" (optional)", "")}”${words.slice(member.length)}`;
}
