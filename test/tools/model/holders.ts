/**
 * People with an Android phone: each opens the link of a pass, which leads to Google, and saves it there, sometimes minutes later.
 * Follows Google's "Add to Google Wallet" links.
 */
import type { Books, PassEntry } from "./books.ts";
import type { Google } from "./google.ts";
import type { Random } from "./random.ts";
import type { World } from "./world.ts";

export interface HolderParts {
  readonly world: World;
  readonly random: Random;
  readonly books: Books;
  readonly google: Google;
  /** By the id of the object at Google: the pass that somebody has saved. */
  readonly saved: Map<string, PassEntry>;
}

/** A link is valid for 15 minutes. */
const LONGEST_HESITATION_MS = 16 * 60_000;

export class Holder {
  readonly #name: string;
  readonly #parts: HolderParts;

  constructor(name: string, parts: HolderParts) {
    this.#name = name;
    this.#parts = parts;
  }

  async act(): Promise<void> {
    const { random, books, google, saved, world } = this.#parts;
    if (books.passes.length === 0) return;
    const pass = random.pickHot(books.passes);
    const address = await this.#click(pass);
    if (address === undefined) return;
    if (random.chance(0.2))
      await world.schedule.sleep(random.int(LONGEST_HESITATION_MS), `${this.#name} hesitates`);
    const id = await google.open(address);
    if (id === undefined) return;
    world.schedule.note(`${this.#name} saves ${id.split("-").slice(1).join("-")}`);
    saved.set(id, pass);
  }

  /** @returns the address at Google; undefined if the pass is not valid, or there is no answer */
  async #click(pass: PassEntry): Promise<string | undefined> {
    const { world, random } = this.#parts;
    const page = pass.link.url.replace("/passes/", "/p/").replace(/\.pkpass$/, "");
    for (let attempt = 1; attempt <= 3; attempt++) {
      const response = await world
        .request(new Request(`${page}/google`, { redirect: "manual" }), this.#name)
        .catch(() => undefined);
      if (response !== undefined && response.status < 500) {
        const { status, headers } = response;
        const location = headers.get("location") ?? "";
        const isExpected = status === 302 || (status === 404 && pass.deleted);
        if (!isExpected) world.violate("the link of a pass leads to Google Wallet", `${pass.name} ${status}`);
        // A pass that is no longer valid has a page, and no link.
        return status === 302 && !page.endsWith(location) ? location : undefined;
      }
      await world.schedule.sleep(random.int(30_000), `${this.#name} tries again`);
    }
    return undefined;
  }
}
