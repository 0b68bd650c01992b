/**
 * Somebody at a gate with the scanner, as verbs. When they leave, the test fails if the key was in a request, in the address or in
 * the document, besides what fails for every visitor.
 */
import type { CDPSession, Page } from "playwright-core";
import { expect } from "vitest";
import type { Key } from "./organizer.ts";
import { origin, Visitor, type VisitorOptions } from "./visitor.ts";

/** The setting "Keep each answer until I tap", unless this phone has settings. */
const KEEP_ANSWERS = `if (location.origin !== "null") localStorage["edgepass-scanner-settings"] ??= "stay=on"`;
/** The time between two keys of a scanner. */
const SECONDS_PER_KEY = 0.003;
const ENTER = { key: "Enter", code: "Enter", text: "\r", windowsVirtualKeyCode: 13 };

export class Gate implements AsyncDisposable {
  readonly visitor: Visitor;
  readonly #key: string;
  #cdp: CDPSession | undefined;
  #isOffline = false;
  /** The addresses and header fields of requests that had the key. */
  readonly #leaks: string[] = [];

  private constructor(visitor: Visitor, key: string) {
    this.visitor = visitor;
    this.#key = key;
    this.page.context().on("request", (request) => {
      const { referer = "", cookie = "" } = request.headers();
      for (const text of [request.url(), referer, cookie])
        if (text.includes(key)) this.#leaks.push(`${request.method()} ${text}`);
    });
  }

  get page(): Page {
    return this.visitor.page;
  }

  /** Follows the link of the key. The answers stay until the next scan, so that a slow test sees them. */
  static async opens({ key, scanner }: Key, options: VisitorOptions = {}): Promise<Gate> {
    const visitor = await Visitor.comes(options);
    const gate = new Gate(visitor, key);
    await visitor.page.context().addInitScript(KEEP_ANSWERS);
    await visitor.opens(scanner.url.slice((options.site ?? origin).length));
    return gate;
  }

  /** Opens the link, says where the gate is, and starts. */
  static async isReady(key: Key, place: string, options: VisitorOptions = {}): Promise<Gate> {
    const gate = await Gate.opens(key, options);
    await gate.starts(place);
    return gate;
  }

  async starts(place?: string): Promise<void> {
    if (place !== undefined) await this.page.getByLabel("Place").fill(place);
    // Not a tap: a test may start twice within the time in which a second tap is ignored.
    await this.page.getByRole("button", { name: "Start" }).press("Enter");
    await this.page.locator("main.scan").waitFor();
  }

  /** A scanner on USB types the code, and Enter. */
  async scans(code: string, end: "Enter" | "Tab" = "Enter"): Promise<void> {
    await this.page.evaluate(`typeCode(${JSON.stringify(code)}, "${end}")`);
  }

  /**
   * The same with real keys, which also do what they do in a browser: go into a field, and press what has the focus.
   * @param code short, because the page waits 150 ms for the next key
   */
  async scansWithRealKeys(code: string): Promise<void> {
    const cdp = await this.#session();
    // With times of their own: this process may be slower than a scanner.
    const start = Date.now() / 1000;
    const keys = [...[...code].map((text) => ({ text, key: text })), ENTER];
    await Promise.all(
      keys.flatMap(({ text, ...key }, index) => {
        const timestamp = start + index * SECONDS_PER_KEY;
        return [
          cdp.send("Input.dispatchKeyEvent", { type: "keyDown", text, timestamp, ...key }),
          cdp.send("Input.dispatchKeyEvent", { type: "keyUp", timestamp, ...key }),
        ];
      }),
    );
  }

  /**
   * Scans many codes without a network, as fast as the page can.
   * @param already how many wait
   */
  async scansAll(codes: readonly string[], already = 0): Promise<void> {
    await this.page.evaluate(`typeCodes(${JSON.stringify(codes)}, ${already})`);
  }

  /** A person types the code into its field. */
  async types(code: string): Promise<void> {
    await this.page.getByLabel("Code", { exact: true }).pressSequentially(code);
    await this.page.keyboard.press("Enter");
  }

  /**
   * Waits for the answer that fills the screen, and is announced.
   * @param texts what else it says, such as who, when and where
   */
  async seesAnswer(title: string, ...texts: readonly string[]): Promise<void> {
    const containing = texts.map((text) => expect.stringContaining(text));
    await expect
      .poll(async () => {
        const { all, ...answer } = await this.answer();
        return { ...answer, all: texts.map(() => all) };
      })
      .toMatchObject({ title, announced: expect.stringContaining(title), all: containing });
  }

  async seesNoAnswer(): Promise<void> {
    await expect.poll(() => this.page.locator(".answer").count()).toBe(0);
  }

  answer(): Promise<{ title: string; tone: string; announced: string; all: string }> {
    return this.page.evaluate("answerShown()");
  }

  /** Waits until this element has the focus: its name, and its id if it has one. */
  async seesFocusOn(element: string): Promise<void> {
    await expect.poll(() => this.page.evaluate("focused()")).toBe(element);
  }

  /** Waits until the page has this text. */
  async sees(text: string | RegExp): Promise<void> {
    await this.page.getByText(text).first().waitFor();
  }

  async reloads(): Promise<void> {
    await this.page.reload();
    await this.page.locator("main").waitFor();
  }

  /** The page ends without a warning, as with a battery that dies, and is opened again. */
  async reopens(): Promise<void> {
    this.#cdp = undefined;
    await this.visitor.reopens("/scan");
    await this.#setOffline(this.#isOffline);
    await this.page.locator("main.scan").waitFor();
  }

  /** Waits until everything is loaded, because a request that is still open would fail. */
  async goesOffline(): Promise<void> {
    await this.#isInstalled();
    await this.page.waitForLoadState("networkidle");
    this.visitor.excuses(/ERR_INTERNET_DISCONNECTED/, "/admin/v1/");
    await this.#setOffline(true);
  }

  async comesOnline(): Promise<void> {
    await this.#setOffline(false);
  }

  async #setOffline(offline: boolean): Promise<void> {
    this.#isOffline = offline;
    await this.page.context().setOffline(offline);
    // In a page that was opened later, playwright cuts the network, but navigator.onLine is true and no event comes.
    const cdp = await this.#session();
    const unlimited = { latency: 0, downloadThroughput: -1, uploadThroughput: -1 };
    await cdp.send("Network.enable");
    await cdp.send("Network.emulateNetworkConditions", { offline, ...unlimited });
  }

  async #session(): Promise<CDPSession> {
    this.#cdp ??= await this.page.context().newCDPSession(this.page);
    return this.#cdp;
  }

  /** Waits until the page can open without a network. */
  async #isInstalled(): Promise<void> {
    await expect.poll(() => this.page.evaluate("navigator.serviceWorker.controller !== null")).toBe(true);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const texts = [this.page.url(), await this.page.content()];
    await this.visitor[Symbol.asyncDispose]();
    expect(this.#leaks).toEqual([]);
    for (const text of texts) expect(text).not.toContain(this.#key);
  }
}
