/**
 * A simulated iPhone, for tests and the demo: verbs for what its owner and APNs do, each returning what
 * happened as data. It checks every bundle as Wallet does, accepts only the answers that iOS accepts, and
 * complains in the words of iOS. It has no timers (what failed is retried when told) and no throttling of
 * frequent pushes. It runs in workerd and in Node.
 *
 * Follows Apple's "Adding a Web Service to Update Passes"
 * (https://developer.apple.com/documentation/walletpasses/adding-a-web-service-to-update-passes), and what
 * iOS 16 and 17 were seen to do where that is silent: which list or fetch follows what is described at the
 * verbs.
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
  /** Milliseconds; the real clock, unless told. */
  now?: () => number;
  /** 64 hex digits; random, unless told. One per phone, whatever the pass types. */
  pushToken?: string;
  name?: string;
  /** In which the lock screen speaks, as a folder of the bundle is called; English, unless told. */
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

  /** What is in Wallet. */
  get passes(): InstalledPass[] {
    return [...this.#passd.passes.values()];
  }

  /** Every line that was or will be posted to a web service's log, with its timestamp. */
  get log(): readonly string[] {
    return this.#passd.log;
  }

  /** The same without the timestamps: a server without faults leaves this empty. */
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

  /** Every request to a web service and its status, in the order in which they were sent. */
  get exchanges(): readonly Exchange[] {
    return this.#passd.exchanges;
  }

  /** @throws Error when it isn't in Wallet */
  pass(passTypeIdentifier: string, serialNumber: string): InstalledPass {
    const pass = this.#passd.passes.get(installedKey({ passTypeIdentifier, serialNumber }));
    if (!pass) throw new Error(`${this.name} has no pass ${passTypeIdentifier} ${serialNumber}`);
    return pass;
  }

  /** The deviceLibraryIdentifier under which this pass is registered: one per pass type and webServiceURL. */
  deviceLibraryIdentifier(pass: InstalledPass): string {
    const source = webServiceOf(pass);
    if (!source) throw new Error(`pass ${pass.serialNumber} has no web service`);
    return this.#passd.service(pass.passTypeIdentifier, source.webServiceURL).deviceLibraryIdentifier;
  }

  /**
   * Adds a pass, or replaces the one of the same type and serial number. Then it registers and, once the
   * server took that, lists; where the row of the web service had a tag already, or the pass is replaced, the
   * pass itself is fetched too. A sheet that is filled in is sent before all of that.
   * @param info what its owner enters, if the pass asks; without it the sheet is closed
   * @throws InvalidPass when Wallet refuses the bundle
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
    // What was replaced is fetched at once, whether or not the registration went well.
    return together([happened, await this.#passd.run({ kind: "pass", pass, isListed: false })]);
  }

  /**
   * Fills in the sign-up sheet of a pass and sends it, then fetches the pass that comes of it.
   * @throws Error for a pass that asks for nothing
   */
  async personalize(pass: InstalledPass, info: SignUpInfo): Promise<WhatHappened> {
    const fields = fieldsAskedBy(this.#demandInstalled(pass));
    if (!fields) throw new Error(`pass ${pass.serialNumber} asks for nothing`);
    return this.#passd.run({ kind: "personalize", pass, info: entered(fields, info) });
  }

  /**
   * Opens a link as Safari does, which follows redirects, and adds the pass.
   * @throws Error when the answer isn't 200 with exactly Apple's type; InvalidPass when Wallet refuses the
   * bundle
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

  /** Pull to refresh: fetches this pass without asking for a list. */
  async refresh(pass: InstalledPass): Promise<WhatHappened> {
    return this.#passd.run({ kind: "pass", pass: this.#demandInstalled(pass), isListed: false });
  }

  /** Automatic Updates off: unregisters, and keeps the pass. */
  async switchUpdatesOff(pass: InstalledPass): Promise<WhatHappened> {
    const { automaticUpdates } = this.#demandInstalled(pass);
    pass.automaticUpdates = false;
    return automaticUpdates ? this.#unregister(pass) : nothing();
  }

  /** Automatic Updates on again: registers, and goes on as after adding. */
  async switchUpdatesOn(pass: InstalledPass): Promise<WhatHappened> {
    this.#demandInstalled(pass).automaticUpdates = true;
    this.#passd.cancel(pass);
    if (!webServiceOf(pass)) return nothing();
    return this.#passd.run({ kind: "register", pass, isReAdded: false, listsAfter: true });
  }

  /** Deletes the pass from Wallet. The server hears of it only if automatic updates were on. */
  async remove(pass: InstalledPass): Promise<WhatHappened> {
    this.#passd.passes.delete(installedKey(this.#demandInstalled(pass)));
    this.#passd.cancel(pass);
    return pass.automaticUpdates ? this.#unregister(pass) : nothing();
  }

  /** APNs gave the phone another token: every pass that updates registers again, then each row lists once. */
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

  /** Runs every failed task once more; after the tenth failure one is dropped, as iOS does. */
  async retryFailed(): Promise<WhatHappened> {
    return together(await Promise.all(this.failures.map(({ task }) => this.#passd.run(task))));
  }

  /** Posts the waiting log lines to their web services; returns those that were answered 200. */
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
