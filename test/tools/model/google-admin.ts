/**
 * The admin of Google Wallet: connects the issuer, and changes the `google` part of templates: their type now and then, and members of
 * class or object. No other actor writes it.
 */
import type { Books } from "./books.ts";
import { Client } from "./client.ts";
import type { Random } from "./random.ts";
import type { World } from "./world.ts";

/** What the stand-in Google's console gave. */
export interface GoogleAccount {
  readonly issuerId: string;
  /** The JSON key of the service account. */
  readonly serviceAccount: object;
  /** The issuer and the account, as the stand-in saved them. */
  readonly saved: string;
}

/** All of them are possible for the templates of the model. Null: the one of their style, which is generic. */
const TYPES = [null, null, null, "offer", "eventTicket"] as const;

export class GoogleAdmin {
  readonly #client: Client;
  readonly #random: Random;
  readonly #books: Books;
  readonly #world: World;
  #changes = 0;

  constructor({ world, random, books }: { world: World; random: Random; books: Books }) {
    this.#client = new Client("google admin", world);
    this.#world = world;
    this.#random = random;
    this.#books = books;
  }

  async connect({ issuerId, serviceAccount }: GoogleAccount): Promise<void> {
    const made = await this.#client.call("POST", "/google-issuers", { issuerId, serviceAccount });
    // An earlier attempt made it, but the response was lost.
    if (made.status !== 201 && (made.status !== 409 || made.attempts === 1))
      this.#world.violate("an admin is answered as the API says", `issuer: ${made.status}`);
  }

  async act(): Promise<void> {
    const random = this.#random;
    const { id } = random.pick(this.#books.templates);
    const text = `google ${++this.#changes}`;
    const google = random.weighted({ type: 2, object: 3, class: 3 });
    switch (google) {
      case "type":
        return this.#write(id, { type: random.pick(TYPES) });
      case "object":
        return this.#write(id, { object: random.chance(0.4) ? null : { linksModuleData: linkTo(text) } });
      case "class":
        return this.#write(id, { class: random.chance(0.4) ? null : { linksModuleData: linkTo(text) } });
    }
  }

  async #write(id: number, google: object): Promise<void> {
    for (;;) {
      const answer = await this.#client.call("PATCH", `/templates/${id}`, { google });
      if (answer.status === 200) return;
      if (answer.status === 409) continue;
      const text = `google part: ${answer.status} ${JSON.stringify(answer.body).slice(0, 300)}`;
      this.#world.violate("an admin is answered as the API says", text);
      return;
    }
  }
}

const linkTo = (text: string) => ({
  uris: [{ id: "model", description: text, uri: `https://example.com/${text.replace(" ", "-")}` }],
});
