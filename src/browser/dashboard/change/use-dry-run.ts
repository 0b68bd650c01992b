/**
 * Asks what a change would do, without making it.
 */
import { useRef, useState } from "preact/hooks";
import { useDashboard } from "../context.ts";
import { type Problem, problemOf } from "../problem.ts";
import { type DryRun, parseDryRun } from "./dry-run.ts";

export interface DryRunning {
  /** Undefined: nothing was asked since the form was changed. */
  readonly report: DryRun | undefined;
  readonly problem: Problem | null;
  readonly isBusy: boolean;
  /** @param path of the resource, without a query */
  run(path: string, body: unknown, ifMatch?: string): Promise<void>;
  /** Forgets the report, because the form has changed since. */
  clear(): void;
  fail(problem: Problem): void;
}

const NOTHING = { report: undefined, problem: null, isBusy: false } as const;

export function useDryRun(): DryRunning {
  const { api } = useDashboard();
  const [state, setState] = useState<Pick<DryRunning, "report" | "problem" | "isBusy">>(NOTHING);
  /** Only the answer to the newest question counts. */
  const newest = useRef(0);
  const run = async (path: string, body: unknown, ifMatch?: string) => {
    newest.current += 1;
    const mine = newest.current;
    setState((before) => ({ ...before, isBusy: true }));
    const condition = ifMatch === undefined ? {} : { ifMatch };
    const answer = await api.send(
      { method: "PATCH", path: `${path}?dryRun=true`, body, ...condition },
      parseDryRun,
    );
    if (mine !== newest.current) return;
    setState(
      answer.kind === "ok"
        ? { report: answer.body, problem: null, isBusy: false }
        : { report: undefined, problem: problemOf(answer), isBusy: false },
    );
  };
  return {
    ...state,
    run,
    clear: () => {
      newest.current += 1;
      setState(NOTHING);
    },
    fail: (problem) => {
      newest.current += 1;
      setState({ ...NOTHING, problem });
    },
  };
}
