/** What the stand-in Google was asked, and how often each kind of call came. */
import { TYPES } from "./resources.ts";

export interface HistoryEntry {
  /** Milliseconds. */
  readonly at: number;
  /** `token`, `class.insert`, `object.patch`, `save` …: see `callKind`. */
  readonly kind: string;
  readonly method: string;
  readonly path: string;
  /** The JSON body, or what the form of a token request said. */
  readonly body?: unknown;
  /** The header of that name: a link must not say which page it was on. */
  readonly referer?: string | undefined;
  /** The client_email of who asked, once that is verified. */
  account?: string | undefined;
  issuerId?: string | undefined;
  /** 0 if there was no answer. */
  status: number;
  /** Google's message, if it refused. */
  refusal?: string;
}

export interface HistoryFilter {
  readonly account?: string | undefined;
  readonly issuerId?: string | undefined;
  readonly kind?: string | undefined;
}

const RESOURCE = new RegExp(`^(?:${TYPES.join("|")})(Class|Object)$`);
const VERBS: Readonly<Record<string, string>> = {
  GET: "get",
  PUT: "put",
  PATCH: "patch",
  POST: "addMessage",
};

/** The name of a call, whether or not it is refused. */
export function callKind(method: string, path: string): string {
  if (path === "/token") return "token";
  if (path === "/batch") return "batch";
  if (path.startsWith("/gp/v/save/")) return "save";
  const [, base, version, name = "", id, action] = path.split("/");
  if (base !== "walletobjects" || version !== "v1") return "other";
  if (name === "jwt") return id === "validate" ? "jwt.validate" : "jwt.insert";
  const [, kind] = RESOURCE.exec(name) ?? [];
  const noun = kind?.toLowerCase() ?? (name === "issuer" ? "issuer" : undefined);
  if (noun === undefined) return "other";
  if (id === undefined) return `${noun}.${method === "GET" ? "list" : "insert"}`;
  return `${noun}.${action ?? VERBS[method] ?? "other"}`;
}

export function createHistory() {
  let entries: HistoryEntry[] = [];
  return {
    add(entry: HistoryEntry): void {
      entries.push(entry);
    },
    /** Oldest first. */
    list: ({ account, issuerId, kind }: HistoryFilter = {}): HistoryEntry[] =>
      entries.filter(
        (entry) =>
          (account === undefined || entry.account === account) &&
          (issuerId === undefined || entry.issuerId === issuerId) &&
          (kind === undefined || entry.kind === kind),
      ),
    clear(): void {
      entries = [];
    },
  };
}

export function countKinds(entries: readonly HistoryEntry[]): Record<string, number> {
  const kinds = Map.groupBy(entries, ({ kind }) => kind);
  return Object.fromEntries([...kinds].map(([kind, list]) => [kind, list.length]));
}
