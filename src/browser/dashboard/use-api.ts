/**
 * How views read and write: one resource, a list page by page, and a request that changes something.
 */
import { useCallback, useEffect, useReducer, useRef, useState } from "preact/hooks";
import type { Call, Parse } from "../request.ts";
import { useDashboard } from "./context.ts";
import {
  EMPTY_LIST,
  type ListEvent,
  type ListPage,
  type ListState,
  listAfter,
  looksFurther,
} from "./list-state.ts";
import { type LoadedEvent, type LoadedState, loadedAfter, nothingLoaded } from "./loaded-state.ts";
import { type Problem, problemOf } from "./problem.ts";
import { tabStore } from "./tab-store.ts";
import { callAnswered, digestOfCall, keyOfCall } from "./unanswered.ts";

export interface Loaded<T> {
  /** Undefined: not there yet. */
  readonly body: T | undefined;
  readonly problem: Problem | null;
  readonly isLoading: boolean;
  reload(): Promise<void>;
  /** What a write has answered is newer than what was loaded. */
  replace(body: T): void;
}

/** One resource, which is loaded when the view opens. @param path undefined: there is nothing to load yet */
export function useLoaded<T>(path: string | undefined, parse: Parse<T>): Loaded<T> {
  const { api } = useDashboard();
  const [state, dispatch] = useReducer<LoadedState<T>, LoadedEvent<T>, undefined>(
    loadedAfter,
    undefined,
    () => nothingLoaded(path),
  );
  const requests = useRef(0);
  const next = () => {
    requests.current += 1;
    return requests.current;
  };
  const reload = useCallback(async () => {
    if (path === undefined) return;
    const request = next();
    dispatch({ kind: "asked", path, request });
    const answer = await api.get(path, parse);
    if (answer.kind === "ok") dispatch({ kind: "arrived", request, body: answer.body });
    else dispatch({ kind: "failed", request, problem: problemOf(answer) });
  }, [api, path, parse]);
  useEffect(() => void reload(), [reload]);
  const replace = (body: T) => dispatch({ kind: "replaced", request: next(), body });
  // When the path changes, the view is drawn once before the request is made.
  const { body, problem, isLoading } = state.path === path ? state : nothingLoaded(path);
  return { body, problem, isLoading, reload, replace };
}

export interface LoadedList<T, More = unknown> extends ListState<T> {
  /** The first page as it came, with its members besides the items. */
  readonly first: (ListPage<T> & More) | undefined;
  more(): void;
  reload(): void;
  edit(edit: (items: readonly T[]) => readonly T[]): void;
}

/** @param path with the query, without the cursor */
export function useListed<T, More>(path: string, parse: Parse<ListPage<T> & More>): LoadedList<T, More> {
  const { api } = useDashboard();
  const [list, dispatch] = useReducer<ListState<T>, ListEvent<T>>(listAfter, EMPTY_LIST);
  const [first, setFirst] = useState<ListPage<T> & More>();
  /** Only the answer of the newest request counts. */
  const newest = useRef(0);
  const ask = useCallback(
    async (cursor: string | null) => {
      newest.current += 1;
      const mine = newest.current;
      dispatch({ kind: cursor === null ? "asked" : "asked_more" });
      const separator = path.includes("?") ? "&" : "?";
      let from = cursor;
      for (let pages = 1; ; pages++) {
        const answer = await api.get(from === null ? path : `${path}${separator}cursor=${from}`, parse);
        if (mine !== newest.current) return;
        // The page of another filter must not stay (list-state.ts).
        if (from === null) setFirst(answer.kind === "ok" ? answer.body : undefined);
        if (answer.kind !== "ok") return dispatch({ kind: "failed", problem: problemOf(answer) });
        if (!looksFurther(answer.body, pages)) return dispatch({ kind: "arrived", page: answer.body });
        from = answer.body.nextCursor;
      }
    },
    [api, path, parse],
  );
  useEffect(() => void ask(null), [ask]);
  return {
    ...list,
    first,
    more: () => void ask(list.nextCursor),
    reload: () => void ask(null),
    edit: (edit) => dispatch({ kind: "edited", edit }),
  };
}

/** The most items of a list of choices. */
const MAX_CHOICES = 1000;

/** A list of choices, such as the names of templates: its pages are loaded one after the other, without a button. */
export function useChoices<T>(path: string, parse: Parse<ListPage<T>>): LoadedList<T> {
  const list = useListed(path, parse);
  const { items, nextCursor, status, problem } = list;
  const isMore = nextCursor !== null && status === "ready" && problem === null && items.length < MAX_CHOICES;
  useEffect(() => {
    if (isMore) list.more();
  }, [isMore, nextCursor]);
  return list;
}

export interface Writing {
  readonly isBusy: boolean;
  readonly problem: Problem | null;
  /** @returns undefined if it did not work: then `problem` says why */
  write<T>(call: Call, parse: Parse<T>): Promise<{ readonly body: T } | undefined>;
  fail(problem: Problem | null): void;
  /** Whether nobody knows if the last request has worked. */
  isUnanswered(): boolean;
}

/**
 * A request that changes something. While no answer has come, a repeat takes effect once (unanswered.ts).
 */
export function useWriting(): Writing {
  const { api } = useDashboard();
  const [isBusy, setIsBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  /** A browser may refuse to keep it over a reload (unanswered.ts). */
  const unanswered = useRef<{ readonly digest: string; readonly key: string } | null>(null);
  const isWriting = useRef(false);
  const write = async <T>(call: Call, parse: Parse<T>) => {
    // A button that is busy keeps the focus, and so can be pressed again.
    if (isWriting.current) return undefined;
    isWriting.current = true;
    setIsBusy(true);
    setProblem(null);
    const digest = await digestOfCall(call);
    if (unanswered.current?.digest !== digest)
      unanswered.current = { digest, key: keyOfCall(tabStore, digest) };
    const answer = await api.send({ ...call, idempotencyKey: unanswered.current.key }, parse);
    isWriting.current = false;
    setIsBusy(false);
    if (answer.kind === "unreachable") {
      setProblem(problemOf(answer));
      return undefined;
    }
    unanswered.current = null;
    callAnswered(tabStore, digest);
    if (answer.kind === "ok") return { body: answer.body };
    setProblem(problemOf(answer));
    return undefined;
  };
  return { isBusy, problem, write, fail: setProblem, isUnanswered: () => unanswered.current !== null };
}
