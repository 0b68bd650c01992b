/**
 * One resource that is loaded, and later reloaded. Only the answer to the newest request counts, and nothing of another path is shown.
 * Pure.
 */
import type { Problem } from "./problem.ts";

export interface LoadedState<T> {
  readonly path: string | undefined;
  /** The number of the newest request, or of the newest answer of a write. */
  readonly newest: number;
  /** Undefined: not there yet. */
  readonly body: T | undefined;
  readonly problem: Problem | null;
  readonly isLoading: boolean;
}

export type LoadedEvent<T> =
  | { readonly kind: "asked"; readonly path: string; readonly request: number }
  | { readonly kind: "arrived"; readonly request: number; readonly body: T }
  | { readonly kind: "failed"; readonly request: number; readonly problem: Problem }
  /** The answer of a write, which is newer than what is being loaded. */
  | { readonly kind: "replaced"; readonly request: number; readonly body: T };

export function nothingLoaded(path: string | undefined): LoadedState<never> {
  return { path, newest: 0, body: undefined, problem: null, isLoading: path !== undefined };
}

export function loadedAfter<T>(state: LoadedState<T>, event: LoadedEvent<T>): LoadedState<T> {
  const { kind, request } = event;
  if (kind === "asked") {
    const before = event.path === state.path ? state : nothingLoaded(event.path);
    return { ...before, newest: request, isLoading: true };
  }
  if (kind === "replaced")
    return { ...state, newest: request, body: event.body, problem: null, isLoading: false };
  if (request !== state.newest) return state;
  if (kind === "failed") return { ...state, problem: event.problem, isLoading: false };
  return { ...state, body: event.body, problem: null, isLoading: false };
}
