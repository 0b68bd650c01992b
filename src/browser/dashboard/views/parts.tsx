/**
 * The parts that views are made of: headings, problems, lists and their ends, and badges.
 */
import type { ComponentChildren, VNode } from "preact";
import { useLayoutEffect, useMemo, useRef } from "preact/hooks";
import { focusOn } from "../../heading-focus.ts";
import { PAGES, type PageName } from "../access.ts";
import { eachOnce, type ListState } from "../list-state.ts";
import type { Problem } from "../problem.ts";
import { hrefOf, type Route } from "../route.ts";
import type { Tone } from "../words.ts";

interface PageHeadingProps {
  readonly title: string;
  readonly children?: ComponentChildren;
}

/** The heading of a page, and what one can do with all of it. */
export function PageHeading({ title, children }: PageHeadingProps) {
  return (
    <header class="page-heading">
      <h1 tabIndex={-1}>{title}</h1>
      <div class="actions">{children}</div>
    </header>
  );
}

/** A link to the page that does what a cure or a step says. */
export function PageLink({ page, query }: { readonly page: PageName; readonly query?: Route["query"] }) {
  return (
    <a class="text-link" href={hrefOf(page, query)}>
      {page === "pass" ? "Go to the pass" : `Go to ${PAGES[page].title}`}
    </a>
  );
}

/** What did not work, next to where it was asked for. */
export function ProblemNote({ problem }: { readonly problem: Problem | null }) {
  if (problem === null) return null;
  return (
    <div class="problem" role="alert">
      <p>{problem.detail}</p>
      {problem.code !== null && <code>{problem.code}</code>}
    </div>
  );
}

/** A badge is known by its sign and its word, not by its colour alone. */
const SIGNS: Readonly<Record<Tone, string>> = { good: "✓", bad: "✕", warning: "!", quiet: "–" };

export function Badge({ tone, children }: { readonly tone: Tone; readonly children: ComponentChildren }) {
  return (
    <span class={`badge ${tone}`}>
      <span aria-hidden="true">{SIGNS[tone]} </span>
      {children}
    </span>
  );
}

interface ListProps<T> {
  readonly label: string;
  readonly list: ListState<T> & { more(): void; reload(): void };
  readonly keyOf: (item: T) => string | number;
  readonly row: (item: T) => ComponentChildren;
  /** What rows show besides their items. While it stays the same, existing rows are not drawn again, which long lists need. */
  readonly rowsShow?: unknown;
  /** What an empty list means, and what to do. */
  readonly empty: ComponentChildren;
}

const PLACEHOLDERS = [0, 1, 2, 3];

/** The items so far, and a button for the next page. Before the first answer, rows of about the same height are there. */
export function ItemList<T extends object>({ label, list, keyOf, row, rowsShow, empty }: ListProps<T>) {
  const { items, nextCursor, status, problem } = list;
  const drawn = useMemo(() => new WeakMap<T, VNode>(), [rowsShow]);
  const { element, ...inside } = useKeptFocus<HTMLUListElement>(items);
  if (status === "first") {
    return (
      <div role="status">
        <span class="unseen">Loading</span>
        <ul class="rows" aria-hidden="true">
          {PLACEHOLDERS.map((each) => (
            <li key={each} class="placeholder" />
          ))}
        </ul>
      </div>
    );
  }
  const isEmpty = items.length === 0 && problem === null;
  return (
    <>
      {items.length > 0 && (
        <ul
          ref={element}
          tabIndex={-1}
          class="rows"
          aria-label={label}
          aria-busy={status === "renewing"}
          {...inside}
        >
          {eachOnce(items, keyOf).map((item) => {
            const line = drawn.get(item) ?? <li key={keyOf(item)}>{row(item)}</li>;
            if (rowsShow !== undefined) drawn.set(item, line);
            return line;
          })}
        </ul>
      )}
      {isEmpty && nextCursor === null && <div class="empty">{empty}</div>}
      {isEmpty && nextCursor !== null && (
        <p class="empty">Nothing among the newest ones. Press More to search further.</p>
      )}
      <ProblemNote problem={problem} />
      {items.length === 0 && problem !== null && (
        <button type="button" class="more" onClick={() => list.reload()}>
          Try again
        </button>
      )}
      {nextCursor !== null && (
        <button
          type="button"
          class="more"
          // The button is removed after the last page.
          {...inside}
          aria-disabled={status === "more"}
          onClick={() => status === "ready" && list.more()}
        >
          {status === "more" ? "Loading …" : "More"}
        </button>
      )}
    </>
  );
}

/**
 * An action may remove the button that had the focus, or its row. Then this element gets the focus, such as the list, or the heading
 * of the page if the element was removed too.
 * @param shown what the element shows: it changes with the action
 * @returns the ref of the element, which needs a tabIndex, and the listeners of the element and of buttons outside that belong to it
 */
export function useKeptFocus<E extends HTMLElement>(shown: unknown) {
  const element = useRef<E>(null);
  const isInside = useRef(false);
  // The focus can be lost whenever something else is shown.
  useLayoutEffect(() => {
    if (!isInside.current || document.activeElement !== document.body) return;
    focusOn(element.current ?? document.querySelector("main h1"));
  }, [shown]);
  return {
    element,
    onFocusIn: () => {
      isInside.current = true;
    },
    onFocusOut: ({ relatedTarget }: FocusEvent) => {
      if (relatedTarget instanceof Node && !element.current?.contains(relatedTarget))
        isInside.current = false;
    },
  };
}

/** While one resource is loaded. */
export function Placeholder() {
  return (
    <div class="placeholder tall" role="status">
      <span class="unseen">Loading</span>
    </div>
  );
}
