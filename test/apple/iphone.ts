/**
 * A simulated iPhone, for tests and the demo: functions for the actions of its owner and of APNs, each of which returns
 * what happened as data. It checks every bundle as Wallet does, accepts only the responses that iOS accepts, and
 * complains in the words of iOS. It has no timers (failed tasks are retried on request) and does not throttle frequent
 * pushes. It runs in workerd and in Node.
 *
 * Follows Apple's "Adding a Web Service to Update Passes"
 * (https://developer.apple.com/documentation/walletpasses/adding-a-web-service-to-update-passes). Where it says
 * nothing, follows the observed behaviour of iOS 16 and 17: the functions describe which list or fetch follows an
 * action.
 */
import { type FailedTask, Passd } from "./iphone-passd.ts";
import { entered, fieldsAskedBy, type SignUpInfo } from "./iphone-sign-up.ts";
import {
  type InstalledPass,
  installedKey,
  nothing,
  randomHex,
  together,
  type WhatHappened,
  webServiceOf,
} from "./iphone-state.ts";
import type { Exchange, Fetch } from "./iphone-wire.ts";
import { checkPass } from "./pkpass.ts";

export type { InstalledPass, WhatHappened } from "./iphone-state.ts";

export interface IPhoneOptions {
  fetch: Fetch;
  /** The root that its Wallet trusts: PEM text or DER bytes. */
  rootPem: string | Uint8Array;
  /** Milliseconds. Default: the real clock. */
  now?: () => number;
  /** 64 hex digits. Default: random. One per phone, for all pass types. */
  pushToken?: string;
  name?: string;
  /** The language of the lock screen, as the name of a folder in the bundle. Default: English. */
  language?: string;
}

const PKPASS = "application/vnd.apple.pkpass";
const SAFARI =
  "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1";

export class IPhone {
  readonly name: string;
  readonly #fetch: Fetch;
  readonly #passd: Passd;

  constructor(options: IPhoneOptions) {
    const {
      fetch,
      rootPem,
      now = Date.now,
      pushToken = randomHex(32),
      name = "iPhone",
      language = "en",
    } = options;
    this.name = name;
    this.#fetch = fetch;
    this.#passd = new Passd({ fetch, rootPem, now, pushToken, language });
  }

  get pushToken(): string {
    return this.#passd.pushToken;
  }

  /** The passes in Wallet. */
  get passes(): InstalledPass[] {
    return [...this.#passd.passes.values()];
  }

  /** Every line that was or will be posted to a web service's log, with its timestamp. */
  get log(): readonly string[] {
    return this.#passd.log;
  }

  /** The same without the timestamps. It is empty if the server has no faults. */
  get complaints(): string[] {
    return this.#passd.log.map((line) => line.replace(/^\[[^\]]*\] /, ""));
  }

  /** Lines that only the device's console shows: connection errors, and failures of the log itself. */
  get console(): readonly string[] {
    return this.#passd.console;
  }

  /** Tasks that failed and wait for {@link retryFailed}. */
  get failures(): FailedTask[] {
    return [...this.#passd.failures.values()];
  }

  /** Every request to a web service and its status, in the order of the requests. */
  get exchanges(): readonly Exchange[] {
    return this.#passd.exchanges;
  }

  /** @throws Error if it is not in Wallet */
  pass(passTypeIdentifier: string, serialNumber: string): InstalledPass {
    const pass = this.#passd.passes.get(installedKey({ passTypeIdentifier, serialNumber }));
    if (!pass) throw new Error(`${this.name} has no pass ${passTypeIdentifier} ${serialNumber}`);
    return pass;
  }

  /** The deviceLibraryIdentifier of the registration of this pass: one per pass type and webServiceURL. */
  deviceLibraryIdentifier(pass: InstalledPass): string {
    const source = webServiceOf(pass);
    if (!source) throw new Error(`pass ${pass.serialNumber} has no web service`);
    return this.#passd.service(pass.passTypeIdentifier, source.webServiceURL).deviceLibraryIdentifier;
  }

  /**
   * Adds a pass, or replaces the one with the same type and serial number. Then it registers and, if the server
   * accepted that, requests the list. If the row of the web service already had a tag, or if the pass is replaced, the
   * pass itself is fetched too. A filled-in sign-up form is sent before all of that.
   * @param info the input of the owner, if the pass has a form; without it the form is closed
   * @throws InvalidPass if Wallet refuses the bundle
   */
  async add(bytes: Uint8Array, info?: SignUpInfo): Promise<WhatHappened> {
    const { rootPem, now, passes } = this.#passd;
    const checked = await checkPass(bytes, { rootPem, at: new Date(now()) });
    const passTypeIdentifier = String(checked.pass.passTypeIdentifier);
    const serialNumber = String(checked.pass.serialNumber);
    const key = installedKey({ passTypeIdentifier, serialNumber });
    const replaced = passes.get(key);
    if (replaced) this.#passd.cancel(replaced);
    const pass: InstalledPass = {
      ...checked,
      passTypeIdentifier,
      serialNumber,
      lastModified: undefined,
      automaticUpdates: replaced?.automaticUpdates ?? true,
      changedAt: now(),
      changes: replaced?.changes ?? [],
    };
    passes.set(key, pass);
    const signedUp = info && fieldsAskedBy(pass) ? await this.personalize(pass, info) : nothing();
    if (!pass.automaticUpdates || !webServiceOf(pass)) return signedUp;
    const isReAdded = replaced !== undefined;
    const happened = together([
      signedUp,
      await this.#passd.run({ kind: "register", pass, isReAdded, listsAfter: true }),
    ]);
    if (!isReAdded || happened.registered.length > 0) return happened;
    // A replaced pass is fetched immediately, whether or not the registration succeeded.
    return together([happened, await this.#passd.run({ kind: "pass", pass, isListed: false })]);
  }

  /**
   * Fills in the sign-up form of a pass and sends it, then fetches the resulting pass.
   * @throws Error for a pass without a form
   */
  async personalize(pass: InstalledPass, info: SignUpInfo): Promise<WhatHappened> {
    const fields = fieldsAskedBy(this.#demandInstalled(pass));
    if (!fields) throw new Error(`pass ${pass.serialNumber} asks for nothing`);
    return this.#passd.run({ kind: "personalize", pass, info: entered(fields, info) });
  }

  /**
   * Opens a link as Safari does, which follows redirects, and adds the pass.
   * @throws Error if the response is not 200 with exactly Apple's type
   * @throws InvalidPass if Wallet refuses the bundle
   */
  async addFrom(url: string, info?: SignUpInfo): Promise<WhatHappened> {
    const headers = { "User-Agent": SAFARI, Accept: "text/html,application/xhtml+xml,*/*;q=0.8" };
    const response = await this.#fetch(new Request(url, { headers }));
    const type = response.headers.get("Content-Type");
    if (response.status === 200 && type === PKPASS)
      return this.add(new Uint8Array(await response.arrayBuffer()), info);
    await response.body?.cancel();
    throw new Error(`Safari can't add ${url}: ${response.status}, Content-Type ${type ?? "missing"}`);
  }

  /**
   * A push from APNs: one list per webServiceURL of that type, then the listed passes that are installed, in
   * parallel.
   */
  async receivePush(topic: string): Promise<WhatHappened> {
    const before = this.#passd.listening(topic).map((service) => ({ ...service, service }));
    const happened = together(
      await Promise.all(before.map(({ service }) => this.#passd.run({ kind: "list", service }))),
    );
    if (happened.listed.length + happened.failed.length === 0) this.#passd.noteSpuriousPush(before);
    return happened;
  }

  /** Pull to refresh: fetches this pass without requesting a list. */
  async refresh(pass: InstalledPass): Promise<WhatHappened> {
    return this.#passd.run({ kind: "pass", pass: this.#demandInstalled(pass), isListed: false });
  }

  /** Turns Automatic Updates off: unregisters, but keeps the pass. */
  async switchUpdatesOff(pass: InstalledPass): Promise<WhatHappened> {
    const { automaticUpdates } = this.#demandInstalled(pass);
    pass.automaticUpdates = false;
    return automaticUpdates ? this.#unregister(pass) : nothing();
  }

  /** Turns Automatic Updates on again: registers, and continues as after adding. */
  async switchUpdatesOn(pass: InstalledPass): Promise<WhatHappened> {
    this.#demandInstalled(pass).automaticUpdates = true;
    this.#passd.cancel(pass);
    if (!webServiceOf(pass)) return nothing();
    return this.#passd.run({ kind: "register", pass, isReAdded: false, listsAfter: true });
  }

  /** Deletes the pass from Wallet. The server is notified only if automatic updates were on. */
  async remove(pass: InstalledPass): Promise<WhatHappened> {
    this.#passd.passes.delete(installedKey(this.#demandInstalled(pass)));
    this.#passd.cancel(pass);
    return pass.automaticUpdates ? this.#unregister(pass) : nothing();
  }

  /**
   * APNs gave the phone another token: every pass that updates is registered again, then each row requests its list
   * once.
   */
  async rotatePushToken(pushToken: string = randomHex(32)): Promise<WhatHappened> {
    this.#passd.pushToken = pushToken;
    const updating = this.passes.filter((pass) => pass.automaticUpdates && webServiceOf(pass));
    const registered = await Promise.all(
      updating.map((pass) =>
        this.#passd.run({ kind: "register", pass, isReAdded: false, listsAfter: false }),
      ),
    );
    const services = this.#passd.listening();
    const listed = await Promise.all(services.map((service) => this.#passd.run({ kind: "list", service })));
    return together([...registered, ...listed]);
  }

  /** Runs every failed task once more. After the tenth failure a task is dropped, as on iOS. */
  async retryFailed(): Promise<WhatHappened> {
    return together(await Promise.all(this.failures.map(({ task }) => this.#passd.run(task))));
  }

  /** Posts the waiting log lines to their web services. Returns the lines whose response was 200. */
  flushLog(): Promise<string[]> {
    return this.#passd.postLog();
  }

  async #unregister(pass: InstalledPass): Promise<WhatHappened> {
    this.#passd.cancel(pass);
    if (!webServiceOf(pass)) return nothing();
    this.#passd.unregisteredAt.set(installedKey(pass), this.#passd.now());
    return this.#passd.run({ kind: "unregister", pass });
  }

  #demandInstalled(pass: InstalledPass): InstalledPass {
    const { passTypeIdentifier, serialNumber } = pass;
    if (this.pass(passTypeIdentifier, serialNumber) === pass) return pass;
    throw new Error(`pass ${serialNumber} was replaced on ${this.name}; ask for it again with pass()`);
  }
}
