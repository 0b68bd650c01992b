/**
 * The pages of the dashboard, and which of them a key may see. The server decides what a key may do: this only leaves out what it
 * would refuse (src/keys/roles.ts).
 */
import type { Me } from "../me.ts";

export type PageName =
  | "overview"
  | "set-up"
  | "templates"
  | "new-template"
  | "template"
  | "message"
  | "new-pass"
  | "events"
  | "event"
  | "passes"
  | "pass"
  | "scans"
  | "posters"
  | "keys"
  | "new-key"
  | "pass-types"
  | "google-wallet"
  | "pushes"
  | "phone-logs";

interface PageFacts {
  readonly title: string;
  /** After `#/`. `:id` is a number. */
  readonly path: string;
  readonly role: "reader" | "issuer" | "admin";
  /** Whether it concerns the whole deployment, so that a key with a scope does not reach it. */
  readonly isForWholeDeployment: boolean;
  /** Whether it is in the navigation. */
  readonly isListed: boolean;
  /** Whether it is about the service itself, and not about daily work. */
  readonly isOfService: boolean;
}

/** In the order of the navigation. */
export const PAGES: Readonly<Record<PageName, PageFacts>> = {
  overview: page("Overview", "", "reader", true),
  templates: page("Templates", "templates", "reader", false),
  "new-template": { ...page("New template", "templates/new", "admin", false), isListed: false },
  template: { ...page("Template", "templates/:id", "reader", false), isListed: false },
  message: { ...page("Message to all holders", "messages/:id", "admin", false), isListed: false },
  "new-pass": { ...page("Issue a pass", "new-pass/:id", "issuer", false), isListed: false },
  passes: page("Passes", "passes", "reader", false),
  pass: { ...page("Pass", "passes/:id", "reader", false), isListed: false },
  events: page("Events", "events", "reader", false),
  event: { ...page("Event", "events/:id", "reader", false), isListed: false },
  scans: page("Scans", "scans", "reader", false),
  posters: page("Join posters", "posters", "reader", false),
  "set-up": { ...page("Set up", "set-up", "admin", true), isOfService: true },
  keys: { ...page("Keys", "keys", "admin", true), isOfService: true },
  "new-key": { ...page("New key", "keys/new", "admin", true), isListed: false },
  "pass-types": { ...page("Pass types", "pass-types", "reader", true), isOfService: true },
  "google-wallet": { ...page("Google Wallet", "google-wallet", "reader", true), isOfService: true },
  pushes: { ...page("Pushes", "pushes", "reader", true), isOfService: true },
  "phone-logs": { ...page("Phone logs", "phone-logs", "reader", true), isOfService: true },
};

function page(
  title: string,
  path: string,
  role: PageFacts["role"],
  isForWholeDeployment: boolean,
): PageFacts {
  return { title, path, role, isForWholeDeployment, isListed: true, isOfService: false };
}

export const PAGE_NAMES = Object.keys(PAGES) as readonly PageName[];

type KeyFacts = Pick<Me, "role" | "scope">;

export function isAdmin({ role, scope }: KeyFacts): boolean {
  return role === "admin" && scope === null;
}

/** Whether the key may issue and change passes. */
export function isIssuer({ role }: Pick<KeyFacts, "role">): boolean {
  return role === "issuer" || role === "admin";
}

/** Whether the key reaches a project as a whole, with all of its templates and events. */
export function reachesProject(
  { scope, resources }: Pick<Me, "scope" | "resources">,
  project: number,
): boolean {
  return scope === null || (resources?.projects ?? []).some(({ id }) => id === project);
}

/** A role that this version does not know sees what a reader sees: the server refuses the rest. */
export function mayOpen(name: PageName, me: KeyFacts): boolean {
  const { role, isForWholeDeployment } = PAGES[name];
  if (me.role === "scanner" || (isForWholeDeployment && me.scope !== null)) return false;
  return role === "reader" || me.role === "admin" || (role === "issuer" && isIssuer(me));
}

/** The page to show for an address. If the key may not open the overview, it gets the first page that it may open. */
export function pageShown(asked: PageName | undefined, me: KeyFacts): PageName | undefined {
  return asked === "overview" && !mayOpen("overview", me) ? pagesFor(me)[0] : asked;
}

/** The pages in the navigation of a key. */
export function pagesFor(me: KeyFacts): readonly PageName[] {
  return PAGE_NAMES.filter((name) => PAGES[name].isListed && mayOpen(name, me));
}
