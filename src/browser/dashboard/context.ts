/**
 * What every view of a person who has signed in needs.
 */
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { Me } from "../me.ts";
import type { AdminApi } from "./admin-api.ts";

export interface Dashboard {
  readonly api: AdminApi;
  readonly me: Me;
  /** Shows a sentence, which screen readers read. */
  say(text: string): void;
}

export const DashboardContext = createContext<Dashboard | undefined>(undefined);

/** @throws Error outside of the pages that need a key */
export function useDashboard(): Dashboard {
  const dashboard = useContext(DashboardContext);
  if (dashboard === undefined) throw new Error("useDashboard is for views of a person who has signed in");
  return dashboard;
}
