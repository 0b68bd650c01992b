/**
 * Clients that only read: wallets that poll a pass with its token, and strangers who make requests without a right. The
 * observer checks the responses to wallets; a stranger has to be refused, and its requests must have no effect. Follows
 * Apple's "Adding a web service to update passes": the statuses of a request without the right token.
 */
import type { Books } from "./books.ts";
import { ORIGIN } from "./client.ts";
import type { Phone } from "./phones.ts";
import type { Random } from "./random.ts";
import type { World } from "./world.ts";

export interface AskerParts {
  readonly world: World;
  readonly random: Random;
  readonly books: Books;
  readonly phones: readonly Phone[];
}

/** More than both limits of misses together. */
const GUESSES = 150;

/** A wallet that polls a pass now and then, with the validators of the last response. */
export class Poller {
  readonly #name: string;
  readonly #parts: AskerParts;
  readonly #held = new Map<string, { etag: string; lastModified: string }>();

  constructor(name: string, parts: AskerParts) {
    this.#name = name;
    this.#parts = parts;
  }

  async act(): Promise<void> {
    const { random, books } = this.#parts;
    const passes = books.living();
    if (passes.length === 0) return;
    const pass = random.pickHot(passes);
    const token = books.tokens.get(pass.name);
    const held = this.#held.get(pass.name);
    const headers: Record<string, string> = { Authorization: `ApplePass ${token}` };
    if (held !== undefined && random.chance(0.8)) {
      if (random.chance(0.5)) headers["If-None-Match"] = held.etag;
      else headers["If-Modified-Since"] = held.lastModified;
    }
    const service = random.pick(["/v1", "/api/v1"]);
    const url =
      token === undefined || random.chance(0.2)
        ? pass.link.url
        : `${ORIGIN}${service}/passes/${pass.passTypeIdentifier}/${pass.serialNumber}`;
    const response = await ask(this.#parts.world, this.#name, url, { headers });
    if (response === undefined) return;
    const etag = response.headers.get("etag");
    const lastModified = response.headers.get("last-modified");
    if (etag !== null && lastModified !== null) this.#held.set(pass.name, { etag, lastModified });
    else if (response.status < 500 && !pass.deleted)
      this.#parts.world.violate("who holds the token is given the pass", `${url} ${response.status}`);
  }
}

/** A client without a key. */
export class Stranger {
  readonly #parts: AskerParts;

  constructor(parts: AskerParts) {
    this.#parts = parts;
  }

  async act(): Promise<void> {
    const { random, books, phones, world } = this.#parts;
    if (books.passes.length === 0) return;
    const pass = random.pick(books.passes);
    const other = random.pick(books.passes);
    const path = `/passes/${pass.passTypeIdentifier}/${pass.serialNumber}`;
    const headers = { Authorization: `ApplePass ${this.#wrongToken(pass.name, other.name)}` };
    const service = random.pick(["/v1", "/api/v1"]);
    const what = random.weighted({
      fetch: 4,
      link: 1,
      unregister: 3,
      register: 2,
      list: 1,
      log: 1,
      state: 1,
      admin: 1,
    });
    const device = this.#device(random.pick(phones)) ?? "0".repeat(32);
    const registration = `${ORIGIN}${service}/devices/${device}/registrations/${pass.passTypeIdentifier}/${pass.serialNumber}`;
    const body = JSON.stringify({ pushToken: random.hex(32) });
    const statuses: Record<typeof what, readonly number[]> = {
      fetch: service === "/api/v1" ? [400, 401, 429] : [401],
      link: [404, 429],
      unregister: [401],
      register: [401],
      list: [204],
      log: [200],
      state: [200],
      admin: [401],
    };
    const asked = {
      fetch: () => ask(world, "stranger", `${ORIGIN}${service}${path}`, { headers }),
      link: () => ask(world, "stranger", pass.link.url.replace(/[0-9a-f]{40}/, random.hex(20)), {}),
      unregister: () => ask(world, "stranger", registration, { method: "DELETE", headers }),
      register: () => ask(world, "stranger", registration, { method: "POST", headers, body }),
      list: () =>
        ask(
          world,
          "stranger",
          `${ORIGIN}/v1/devices/${random.hex(16)}/registrations/${pass.passTypeIdentifier}`,
          {},
        ),
      log: () =>
        ask(world, "stranger", `${ORIGIN}/v1/log`, { method: "POST", body: '{"logs":["[now] nonsense"]}' }),
      state: () =>
        ask(world, "stranger", `${ORIGIN}/v1${path}/passLifecycleUpdate`, {
          method: "POST",
          body: '{"passState":"x"}',
        }),
      admin: () => ask(world, "stranger", `${ORIGIN}/admin/v1/passes/${pass.id}`, { headers }),
    };
    const response = await asked[what]();
    if (response === undefined || response.status >= 500 || statuses[what].includes(response.status)) return;
    world.violate("a stranger is refused", `${what} ${pass.name}: ${response.status}`);
  }

  /** A token that is malformed, that belongs to another pass, or that has a changed bit. */
  #wrongToken(name: string, otherName: string): string {
    const { random, books } = this.#parts;
    const other = name === otherName ? undefined : books.tokens.get(otherName);
    const right = books.tokens.get(name) ?? "ep1_";
    return random.pick([
      other ?? "nonsense",
      `${right.slice(0, 12)}${right[12] === "A" ? "B" : "A"}${right.slice(13)}`,
      "ep1_x",
    ]);
  }

  #device({ iphone }: Phone): string | undefined {
    const [pass] = iphone.passes;
    return pass === undefined ? undefined : iphone.deviceLibraryIdentifier(pass);
  }
}

/** A stranger who guesses links and serial numbers as fast as it can, above every limit. */
export class Guesser {
  readonly #parts: AskerParts;

  constructor(parts: AskerParts) {
    this.#parts = parts;
  }

  async act(): Promise<void> {
    const { random, world } = this.#parts;
    const guesses = Array.from({ length: GUESSES }, async () => {
      const path = random.chance(0.5)
        ? `/p/1/${random.hex(20)}`
        : `/api/v1/passes/pass.model.three/${random.hex(8)}`;
      const response = await ask(world, "stranger", ORIGIN + path, {});
      if (response === undefined || response.status >= 500) return;
      if (![400, 404, 429].includes(response.status))
        world.violate("a stranger is refused", `${path}: ${response.status}`);
    });
    await Promise.all(guesses);
  }
}

async function ask(world: World, who: string, url: string, init: RequestInit): Promise<Response | undefined> {
  try {
    return await world.request(new Request(url, init), who);
  } catch {
    return undefined; // the network lost it
  }
}
