/**
 * A simulated phone with Android, for tests and the demo: functions for the actions of its owner, and what Google Wallet shows. It
 * runs in workerd and in Node, and knows the Worker only from outside: the page of a pass, its link, and Google's callbacks.
 *
 * What Google itself does for it is in the stand-in. That one sends no callbacks in the tests, so this sends them to the address that
 * the class names. An instance on this machine has no https, so its classes name no address, and its stand-in sends them.
 */
import type { CallbackEvent } from "./stand-in/callbacks.ts";
import type { GoogleControl } from "./stand-in/control.ts";

export interface AndroidOptions {
  /** The way to the Worker. */
  readonly fetch: (request: Request) => Promise<Response>;
  /** The control of the stand-in Google. */
  readonly google: GoogleControl;
}

/** A pass as Google Wallet shows it. */
export interface Card {
  readonly objectId: string;
  readonly type: string;
  readonly state: string;
  /** The value of each field under its label: what the object says replaces what its class says. */
  readonly fields: Readonly<Record<string, string>>;
  /** All that Google has of it. */
  readonly object: Readonly<Record<string, unknown>>;
  readonly owner: Readonly<Record<string, unknown>>;
}

/** What a notification of Google's own words is in the list of notifications. */
export const GOOGLE_WORDS = "(words of Google)";

const CHROME =
  "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 Mobile Safari/537.36";
const BUTTON = /<a class="[^"]*"[^>]*href="(\/p\/\d+\/[0-9a-f]+\/google)"/;
const SAVED = /data-object-id="([^"]*)"/g;

export class Android {
  readonly #fetch: AndroidOptions["fetch"];
  readonly #google: GoogleControl;

  constructor({ fetch, google }: AndroidOptions) {
    this.#fetch = fetch;
    this.#google = google;
  }

  /** Opens the page of a pass. @returns the address of the button of Google Wallet; undefined if there is none */
  async openPage(landingUrl: string): Promise<string | undefined> {
    const response = await this.#fetch(new Request(landingUrl, { headers: { "User-Agent": CHROME } }));
    if (response.status !== 200) throw new Error(`${landingUrl} answered ${response.status}`);
    const path = BUTTON.exec(await response.text())?.[1];
    return path === undefined ? undefined : new URL(path, landingUrl).href;
  }

  /** Follows the link. @returns the address at Google to which it leads @throws Error if it leads elsewhere */
  async click(link: string): Promise<string> {
    const headers = { "User-Agent": CHROME, Accept: "text/html" };
    const response = await this.#fetch(new Request(link, { headers, redirect: "manual" }));
    const location = response.headers.get("location") ?? "";
    if (response.status !== 302 || !location.includes("/gp/v/save/"))
      throw new Error(`${link} answered ${response.status} ${location}`);
    return location;
  }

  /** Saves what the address at Google offers. @returns the id of the object */
  async save(location: string): Promise<string> {
    const response = await fetch(location);
    const html = await response.text();
    const [objectId, ...others] = [...html.matchAll(SAVED)].map(([, id = ""]) => id);
    if (response.status !== 200 || objectId === undefined || others.length > 0)
      throw new Error(`Google answered ${response.status}: ${html}`);
    await this.#report("save", objectId);
    return objectId;
  }

  /** From the page of a pass to Google Wallet. @returns the id of the object */
  async addFrom(landingUrl: string): Promise<string> {
    const link = await this.openPage(landingUrl);
    if (link === undefined) throw new Error(`${landingUrl} does not offer Google Wallet`);
    return this.save(await this.click(link));
  }

  async remove(objectId: string): Promise<void> {
    await this.#google.remove(objectId);
    await this.#report("del", objectId);
  }

  /** The card as it is now. */
  async card(objectId: string): Promise<Card> {
    const { objects, classes } = await this.#google.stored(issuerOf(objectId));
    const object = objects.find(({ id }) => id === objectId);
    const owner = classes.find(({ id }) => id === object?.classId);
    if (object === undefined || owner === undefined) throw new Error(`Google does not have ${objectId}`);
    const fields = Object.fromEntries([...fieldsOf(owner), ...fieldsOf(object)]);
    return { objectId, type: object.type, state: String(object.state), fields, object, owner };
  }

  /** What the phone has shown as notifications, oldest first. */
  async notifications(objectId: string): Promise<string[]> {
    const { object } = await this.card(objectId);
    const calls = await this.#google.history({ issuerId: issuerOf(objectId) });
    const seen = new Set<string>();
    return calls.flatMap(({ kind, path, body, status, refusal }) => {
      const [, , , , id] = path.split("/");
      const isOwn = id === objectId || id === object.classId;
      // Without an answer (0), it took effect or not: what is stored says it of messages, and a repeat has the same id.
      if (!isOwn || refusal !== undefined || status >= 300) return [];
      if (membersOf(body).notifyPreference === "NOTIFY_ON_UPDATE") return [GOOGLE_WORDS];
      const message = membersOf(membersOf(body).message);
      const key = `${id} ${message.id}`;
      if (!kind.endsWith(".addMessage") || message.messageType !== "TEXT_AND_NOTIFY" || seen.has(key))
        return [];
      seen.add(key);
      return [String(message.body)];
    });
  }

  /** Google's callback, if the class has an address for it. */
  async #report(eventType: CallbackEvent["eventType"], objectId: string): Promise<void> {
    const { object, owner } = await this.card(objectId);
    const { url } = membersOf(owner.callbackOptions);
    if (typeof url !== "string") return;
    const signed = await this.#google.signCallback({ eventType, objectId, classId: String(object.classId) });
    const response = await this.#fetch(new Request(url, { method: "POST", body: JSON.stringify(signed) }));
    if (response.status !== 200) throw new Error(`The callback was answered ${response.status}`);
  }
}

/** Every id begins with that of its issuer. */
function issuerOf(id: string): string {
  return id.split(".")[0] ?? "";
}

function membersOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}

/** Text modules, and the points of a loyalty card. */
function fieldsOf(resource: Readonly<Record<string, unknown>>): [string, string][] {
  const modules = Array.isArray(resource.textModulesData) ? resource.textModulesData.map(membersOf) : [];
  const points = [resource.loyaltyPoints, resource.secondaryLoyaltyPoints].map(membersOf);
  return [
    ...modules.map(({ header, body }): [string, string] => [String(header), String(body)]),
    ...points.flatMap(({ label, balance }): [string, string][] =>
      balance === undefined ? [] : [[String(label), String(Object.values(membersOf(balance))[0])]],
    ),
  ];
}
