/**
 * The address of a page within the dashboard: `#/scans?place=Gate%202`. The server has one address only (/admin/), so nothing in the
 * fragment is sent to it.
 */
import { PAGE_NAMES, PAGES, type PageName } from "./access.ts";

export interface Route {
  /** Undefined: there is no such page. */
  readonly page: PageName | undefined;
  readonly query: Readonly<Record<string, string>>;
}

/** The id of `#/passes/7` is in the query, as `id`. */
export function readRoute(hash: string): Route {
  const [path = "", query = ""] = hash.replace(/^#\/?/, "").split("?", 2);
  const [, folder = "", id = ""] = /^(.+\/)([1-9]\d{0,14})$/.exec(path) ?? [];
  const pattern = id === "" ? path.replace(/\/$/, "") : `${folder}:id`;
  return {
    page: PAGE_NAMES.find((name) => PAGES[name].path === pattern && (id !== "") === pattern.endsWith(":id")),
    query: { ...Object.fromEntries(new URLSearchParams(query)), ...(id === "" ? {} : { id }) },
  };
}

/** The view of a route, which gets the focus when it changes: a page, and what it is about. Filters change no view. */
export function viewOfRoute({ page, query: { id = "", project = "" } }: Route): string {
  return [page, id, page === "events" || page === "event" ? project : ""].join(" ");
}

/** Whether a text of an address can be the id of something. */
export function isId(text: string): boolean {
  return /^[1-9]\d{0,14}$/.test(text);
}

/** Empty texts are left out of the query. @param query with the `id` of a page that has one */
export function hrefOf(page: PageName, query: Readonly<Record<string, string>> = {}): string {
  const { path } = PAGES[page];
  if (!path.endsWith(":id")) return `#/${path}${queryOf(query)}`;
  const { id = "", ...rest } = query;
  return `#/${path.replace(":id", id)}${queryOf(rest)}`;
}

/** "?place=Gate+2", or nothing. */
export function queryOf(query: Readonly<Record<string, string>>): string {
  const parameters = new URLSearchParams(Object.entries(query).filter(([, text]) => text !== ""));
  return parameters.size === 0 ? "" : `?${parameters}`;
}

/**
 * Goes to the next page once something is done, unless the person has left the page meanwhile.
 * @param from its fragment
 * @param isInPlace the next page takes the place of this one, so that Back leads to the one before
 */
export function goOn(from: string, to: string, isInPlace = false): void {
  if (location.hash !== from) return;
  if (isInPlace) location.replace(to);
  else location.hash = to;
}
