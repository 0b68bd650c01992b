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

export function readRoute(hash: string): Route {
  const [path = "", query = ""] = hash.replace(/^#\/?/, "").split("?", 2);
  return {
    page: PAGE_NAMES.find((name) => PAGES[name].path === path.replace(/\/$/, "")),
    query: Object.fromEntries(new URLSearchParams(query)),
  };
}

/** Empty texts are left out of the query. */
export function hrefOf(page: PageName, query: Readonly<Record<string, string>> = {}): string {
  return `#/${PAGES[page].path}${queryOf(query)}`;
}

/** "?place=Gate+2", or nothing. */
export function queryOf(query: Readonly<Record<string, string>>): string {
  const parameters = new URLSearchParams(Object.entries(query).filter(([, text]) => text !== ""));
  return parameters.size === 0 ? "" : `?${parameters}`;
}
