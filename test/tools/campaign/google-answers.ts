/**
 * Google for a campaign: it accepts every call after a fixed time, but not more than 20 in a second. It counts, and remembers of each
 * object only whether it has the change.
 */
import type { Schedule } from "../model/schedule.ts";

/** Google's limit for a project. */
const CALLS_PER_SECOND = 20;
const SECOND_MS = 1000;

export interface CampaignGoogle {
  /** The Worker's fetch. */
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>;
  /** Accepted calls that wrote a class or an object. */
  readonly calls: { readonly Class: number; readonly Object: number };
  readonly refused: number;
  readonly mostInSecond: number;
  /** When the last call was answered. */
  readonly lastAt: number;
  /** The objects whose last call had the text of the change. */
  readonly reached: ReadonlySet<string>;
  /** Forgets all calls. */
  forget(): void;
}

/** @param text of the change */
export function createCampaignGoogle(schedule: Schedule, latency: number, text: string): CampaignGoogle {
  let calls = { Class: 0, Object: 0 };
  const reached = new Set<string>();
  let recent: number[] = [];
  let refused = 0;
  let mostInSecond = 0;
  let lastAt = 0;

  function write(kind: "Class" | "Object", id: string, body: string): Response {
    recent = [...recent.filter((at) => at > schedule.now - SECOND_MS), schedule.now];
    mostInSecond = Math.max(mostInSecond, recent.length);
    if (recent.length > CALLS_PER_SECOND) {
      refused++;
      return Response.json({ error: { code: 429, message: "Quota exceeded." } }, { status: 429 });
    }
    calls[kind]++;
    if (kind === "Object" && body.includes(JSON.stringify(text))) reached.add(id);
    return Response.json({});
  }

  return {
    async fetch(url, init) {
      const { pathname } = new URL(url);
      await schedule.sleep(latency, "Google answers");
      lastAt = pathname === "/token" ? lastAt : schedule.now;
      if (pathname === "/token")
        return Response.json({ access_token: "campaign", expires_in: 3599, token_type: "Bearer" });
      const [, , , collection = "", id] = pathname.split("/");
      const body = String(init.body);
      const kind = collection.endsWith("Class") ? "Class" : "Object";
      return write(kind, id ?? String(JSON.parse(body).id), body);
    },
    get calls() {
      return calls;
    },
    get refused() {
      return refused;
    },
    get mostInSecond() {
      return mostInSecond;
    },
    get lastAt() {
      return lastAt;
    },
    reached,
    forget() {
      calls = { Class: 0, Object: 0 };
      reached.clear();
      [refused, mostInSecond, lastAt] = [0, 0, 0];
      recent = [];
    },
  };
}
