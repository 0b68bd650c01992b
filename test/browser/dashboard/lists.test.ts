/**
 * Lists that grow page by page, a resource that is loaded again, addresses of pages, and drafts of forms.
 */
import { expect, test } from "vitest";
import {
  forgetDrafts,
  readDraft,
  readTyped,
  writeDraft,
  writeTyped,
} from "../../../src/browser/dashboard/drafts.ts";
import {
  EMPTY_LIST,
  eachOnce,
  type ListEvent,
  type ListState,
  listAfter,
  looksFurther,
} from "../../../src/browser/dashboard/list-state.ts";
import {
  type LoadedEvent,
  type LoadedState,
  loadedAfter,
  nothingLoaded,
} from "../../../src/browser/dashboard/loaded-state.ts";
import { hrefOf, readRoute } from "../../../src/browser/dashboard/route.ts";
import { memoryStore } from "./memory-store.ts";

const problem = { detail: "No network", code: null, pointer: null };
const arrived = (items: number[], nextCursor: string | null): ListEvent<number> => ({
  kind: "arrived",
  page: { items, nextCursor },
});
const after = (...events: ListEvent<number>[]) =>
  events.reduce<ListState<number>>((list, event) => listAfter(list, event), EMPTY_LIST);
const first = [{ kind: "asked" }, arrived([3, 2], "2")] as const;

test("a page without items is followed by the next one, until there are items, an end, or too many pages", () => {
  const none = { items: [], nextCursor: "9" };
  expect(looksFurther(none, 1)).toBe(true);
  expect(looksFurther({ items: [1], nextCursor: "9" }, 1)).toBe(false);
  expect(looksFurther({ items: [], nextCursor: null }, 1)).toBe(false);
  expect([looksFurther(none, 24), looksFurther(none, 25)]).toEqual([true, false]);
});

test("the next page is added, and loading the first page again replaces everything", () => {
  expect(after(...first, { kind: "asked_more" }, arrived([1], null))).toMatchObject({
    items: [3, 2, 1],
    nextCursor: null,
    status: "ready",
  });
  expect(after(...first, { kind: "asked" }, arrived([4], null)).items).toEqual([4]);
});

test("while a list is renewed its items stay, so that nothing moves", () => {
  expect(after(...first, { kind: "asked" })).toMatchObject({ items: [3, 2], status: "renewing" });
});

test("a next page that fails can be asked for again, and a new filter that fails shows no items of the old one", () => {
  const failed = { kind: "failed", problem } as const;
  expect(after(...first, { kind: "asked_more" }, failed)).toEqual({
    items: [3, 2],
    nextCursor: "2",
    status: "ready",
    problem,
  });
  expect(after(...first, { kind: "asked" }, failed)).toMatchObject({ items: [], nextCursor: null, problem });
});

test("the address of a page has its filter, and an unknown one is no page", () => {
  const query = { place: "Gate 2 & 3", outcome: "" };
  expect(readRoute(hrefOf("scans", query))).toEqual({ page: "scans", query: { place: "Gate 2 & 3" } });
  for (const hash of ["", "#", "#/"]) expect(readRoute(hash).page).toBe("overview");
  expect(readRoute("#/keys/new").page).toBe("new-key");
  for (const hash of ["#/nothing", "#/constructor", "#main"]) expect(readRoute(hash).page).toBeUndefined();
});

test("the address of a pass has its id", () => {
  expect(hrefOf("pass", { id: "7" })).toBe("#/passes/7");
  expect(readRoute("#/passes/7")).toEqual({ page: "pass", query: { id: "7" } });
  expect(readRoute("#/passes?by=code&sought=A%2F1")).toEqual({
    page: "passes",
    query: { by: "code", sought: "A/1" },
  });
  for (const hash of ["#/passes/:id", "#/passes/0", "#/passes/x", "#/scans/7", "#/passes/7/8"])
    expect(readRoute(hash).page).toBeUndefined();
});

test("an item that was added here, and comes again with the next page, is listed once", () => {
  const items = [
    { id: "a", version: 1 },
    { id: "new", version: 1 },
    { id: "b", version: 1 },
    { id: "new", version: 2 },
  ];
  expect(eachOnce(items, ({ id }) => id)).toEqual([
    { id: "a", version: 1 },
    { id: "new", version: 2 },
    { id: "b", version: 1 },
  ]);
});

const loaded = (...events: LoadedEvent<string>[]) =>
  events.reduce<LoadedState<string>>((state, event) => loadedAfter(state, event), nothingLoaded("/one"));
const one = { kind: "asked", path: "/one", request: 1 } as const;
const other = { kind: "asked", path: "/other", request: 2 } as const;

test("an older answer that arrives after that of another path is not shown", () => {
  const state = loaded(
    one,
    other,
    { kind: "arrived", request: 2, body: "other" },
    { kind: "arrived", request: 1, body: "one" },
  );
  expect(state).toMatchObject({ path: "/other", body: "other", isLoading: false });
  expect(loaded(one, other, { kind: "failed", request: 1, problem })).toMatchObject({
    problem: null,
    isLoading: true,
  });
});

test("a resource stays while it is loaded again, and that of another path does not", () => {
  const arrived = { kind: "arrived", request: 1, body: "one" } as const;
  expect(loaded(one, arrived, { ...one, request: 2 })).toMatchObject({ body: "one", isLoading: true });
  expect(loaded(one, arrived, other)).toMatchObject({ body: undefined, isLoading: true });
});

test("the answer of a write is not replaced by the answer to an earlier read", () => {
  const state = loaded(
    one,
    { kind: "replaced", request: 2, body: "written" },
    { kind: "arrived", request: 1, body: "older" },
  );
  expect(state).toMatchObject({ body: "written", isLoading: false });
});

test("a draft is kept, and has only fields of the form", () => {
  const { texts, store } = memoryStore();
  writeDraft(store, "pace", { pace: "20", older: "x" });
  expect(readDraft(store, "pace", { pace: "" })).toEqual({ pace: "20" });
  writeDraft(store, "pace", undefined);
  expect(texts.size).toBe(0);
});

test.each(["{", "7", '{"pace":7}'])("a draft that is damaged is empty: %s", (damaged) => {
  const { texts, store } = memoryStore();
  texts.set("edgepass-draft-pace", damaged);
  expect(readDraft(store, "pace", { pace: "" })).toEqual({ pace: "" });
});

test("what is typed for one pass stays when the form of another pass is filled in", () => {
  const { texts, store } = memoryStore();
  writeTyped(store, "pass-change", "7", { tags: "vip" });
  writeTyped(store, "pass-change", "8", { tags: "row 2" });
  expect(readTyped(store, "pass-change", "7")).toEqual({ tags: "vip" });
  writeTyped(store, "pass-change", "8", {});
  expect(readTyped(store, "pass-change", "8")).toEqual({});
  expect(readTyped(store, "pass-change", "7")).toEqual({ tags: "vip" });
  forgetDrafts(store);
  expect(texts.size).toBe(0);
});

test.each(["{", "7", '{"7":"x"}', '{"7":{"tags":7}}'])(
  "what was typed and is damaged is empty: %s",
  (damaged) => {
    const { texts, store } = memoryStore();
    texts.set("edgepass-draft-pass-change", damaged);
    expect(readTyped(store, "pass-change", "7")).toEqual({});
  },
);
