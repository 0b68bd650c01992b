/**
 * A list that is loaded page by page (keyset paging): never all rows, and the next page only when a person asks. Pure.
 */
import type { Problem } from "./problem.ts";

export interface ListPage<T> {
  readonly items: readonly T[];
  readonly nextCursor: string | null;
}

export interface ListState<T> {
  readonly items: readonly T[];
  /** Null: nothing follows. */
  readonly nextCursor: string | null;
  /** first: nothing is known yet. renewing: the items are of the request before. */
  readonly status: "first" | "renewing" | "more" | "ready";
  readonly problem: Problem | null;
}

export type ListEvent<T> =
  | { readonly kind: "asked" }
  | { readonly kind: "asked_more" }
  | { readonly kind: "arrived"; readonly page: ListPage<T> }
  | { readonly kind: "failed"; readonly problem: Problem }
  | { readonly kind: "edited"; readonly edit: (items: readonly T[]) => readonly T[] };

export const EMPTY_LIST: ListState<never> = { items: [], nextCursor: null, status: "first", problem: null };

export function listAfter<T>(list: ListState<T>, event: ListEvent<T>): ListState<T> {
  switch (event.kind) {
    case "asked":
      return { ...list, status: list.status === "first" ? "first" : "renewing", problem: null };
    case "asked_more":
      return { ...list, status: "more", problem: null };
    case "arrived": {
      const { items, nextCursor } = event.page;
      const before = list.status === "more" ? list.items : [];
      return { items: [...before, ...items], nextCursor, status: "ready", problem: null };
    }
    case "failed": {
      // The items of an earlier filter must not be shown for a new one.
      const isMore = list.status === "more";
      const kept = isMore ? list : { items: [], nextCursor: null };
      return { items: kept.items, nextCursor: kept.nextCursor, status: "ready", problem: event.problem };
    }
    case "edited":
      return { ...list, items: event.edit(list.items) };
  }
}

/**
 * Each item once: its newest version at its first place. An item comes twice if it was added here and then comes with a later page,
 * or if it moved while the list was read.
 */
export function eachOnce<T>(items: readonly T[], keyOf: (item: T) => string | number): readonly T[] {
  return [...new Map(items.map((item) => [keyOf(item), item])).values()];
}

/** The most pages that are asked for until one has items: a search of the server examines 2,000 rows for a page. */
const MAX_PAGES = 25;

/** Whether the next page is asked for too, because this one has nothing to show. @param pages how many have arrived */
export function looksFurther({ items, nextCursor }: ListPage<unknown>, pages: number): boolean {
  return items.length === 0 && nextCursor !== null && pages < MAX_PAGES;
}
