/**
 * A client of the admin API that does not give up: it sends a request again, unchanged, if there is no response or a
 * temporary error. An attempt ends before the next one begins.
 */
import { ADMIN_TOKEN } from "./observer.ts";
import type { World } from "./world.ts";

export const ORIGIN = "https://passes.example.com";

export interface Answered {
  readonly status: number;
  /** The parsed JSON, or undefined. */
  readonly body: Readonly<Record<string, unknown>>;
  /** The number of attempts. */
  readonly attempts: number;
}

const FIRST_PAUSE_MS = 2000;
const LONGEST_PAUSE_MS = 120_000;

export class Client {
  readonly name: string;
  readonly #world: World;

  constructor(name: string, world: World) {
    this.name = name;
    this.#world = world;
  }

  /** A request to /admin/v1, repeated until there is a response. */
  async call(method: string, path: string, body?: unknown): Promise<Answered> {
    for (let attempts = 1; ; attempts++) {
      const answer = await this.once(method, path, body);
      if (answer !== undefined && answer.status < 500) return { ...answer, attempts };
      const pause = Math.min(FIRST_PAUSE_MS * 2 ** (attempts - 1), LONGEST_PAUSE_MS);
      await this.#world.schedule.sleep(pause, `${this.name} waits`);
    }
  }

  /** The bundle of a pass, repeated until there is a response; undefined if it is refused. */
  async download(id: number): Promise<Uint8Array<ArrayBuffer> | undefined> {
    for (;;) {
      const headers = { Authorization: `Bearer ${ADMIN_TOKEN}` };
      const request = new Request(`${ORIGIN}/admin/v1/passes/${id}/download`, { headers });
      const response = await this.#world.request(request, this.name).catch(() => undefined);
      if (response?.status === 200) return new Uint8Array(await response.arrayBuffer());
      if (response !== undefined && response.status < 500) return undefined;
      await this.#world.schedule.sleep(FIRST_PAUSE_MS, `${this.name} waits`);
    }
  }

  /**
   * One request, sent once.
   * @returns undefined if there was no response
   */
  async once(
    method: string,
    path: string,
    body?: unknown,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Omit<Answered, "attempts"> | undefined> {
    const request = new Request(`${ORIGIN}/admin/v1${path}`, {
      method,
      headers: {
        Authorization: `Bearer ${ADMIN_TOKEN}`,
        ...(body === undefined ? {} : { "Content-Type": "application/json" }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    try {
      const response = await this.#world.request(request, this.name);
      const isJson = /json/.test(response.headers.get("content-type") ?? "");
      return { status: response.status, body: isJson ? await response.json() : {} };
    } catch {
      return undefined;
    }
  }
}
