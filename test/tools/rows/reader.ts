/**
 * A person who opens pages of the dashboard, and what that costs.
 */
import type { Page, Response } from "playwright-core";
import type { ListPage } from "./pages.ts";

export interface CountedAnswer {
  /** The path after /admin/v1, with the query. */
  readonly path: string;
  readonly statements: number;
  readonly rowsRead: number;
  readonly bytes: number;
}

const API = "/admin/v1";
/** The page is ready once it waits for nothing in so many checks in a row. Not a time, because a page that draws much responds late. */
const QUIET_LOOKS = 15;
/** The elements that show that the page waits for an answer. */
const BUSY = '.placeholder, [aria-busy="true"], button.more[aria-disabled="true"]';

export class Reader {
  readonly #page: Page;
  readonly #origin: string;
  #answers: CountedAnswer[] = [];
  #waiting = 0;

  constructor(page: Page, origin: string) {
    this.#page = page;
    this.#origin = origin;
    const isApi = (url: string) => new URL(url).pathname.startsWith(API);
    page.on("request", (request) => {
      if (isApi(request.url())) this.#waiting += 1;
    });
    page.on("requestfailed", (request) => {
      if (isApi(request.url())) this.#waiting -= 1;
    });
    page.on("response", (response) => {
      if (isApi(response.url())) void this.#count(response);
    });
    page.on("pageerror", (error) => console.error(error));
  }

  async #count(response: Response): Promise<void> {
    const { pathname, search } = new URL(response.url());
    const [headers, body] = await Promise.all([
      response.allHeaders(),
      // The body is gone if another page was opened meanwhile.
      response.body().catch(() => Buffer.alloc(0)),
    ]);
    this.#answers.push({
      path: pathname.slice(API.length) + search,
      statements: Number(headers["x-statements"]),
      rowsRead: Number(headers["x-rows-read"]),
      bytes: body.length,
    });
    this.#waiting -= 1;
  }

  async signIn(key: string): Promise<void> {
    await this.#page.goto(`${this.#origin}/admin/`);
    await this.#page.getByLabel("Key").fill(key);
    await this.#page.keyboard.press("Enter");
    await this.#page.locator("main h1").getByText("Sign in").waitFor({ state: "hidden" });
    await this.#isQuiet();
  }

  /** Loads the whole page, as a link in a new tab does. */
  async open({ hash, list, click }: ListPage): Promise<void> {
    await this.#page.goto("about:blank");
    this.#answers = [];
    await this.#page.goto(`${this.#origin}/admin/#/${hash}`);
    if (click !== undefined) await this.#page.getByText(click).click();
    const drawn = list === undefined ? "main h1" : `ul[aria-label="${list}"], .empty`;
    await this.#page.locator(drawn).first().waitFor();
    await this.#isQuiet();
  }

  /** The texts of the rows. */
  rowsOf(list: string): Promise<string[]> {
    return this.#page
      .locator(`ul[aria-label="${list}"] > li`)
      .evaluateAll((rows) => rows.map((row) => row.innerHTML));
  }

  async hasMore(list: string): Promise<boolean> {
    return (await this.#moreOf(list).count()) > 0;
  }

  async more(list: string): Promise<void> {
    await this.#moreOf(list).click();
    await this.#isQuiet();
  }

  #moreOf(list: string) {
    return this.#page.locator(`ul[aria-label="${list}"] + button.more, p.empty + button.more`).first();
  }

  elements(): Promise<number> {
    return this.#page.locator("*").count();
  }

  /** What was answered since the last time. */
  spent() {
    const answers = this.#answers;
    this.#answers = [];
    const most = (name: "rowsRead" | "bytes") => Math.max(0, ...answers.map((answer) => answer[name]));
    return {
      answers,
      requests: answers.length,
      statements: answers.reduce((sum, { statements }) => sum + statements, 0),
      most: { rowsRead: most("rowsRead"), bytes: most("bytes") },
    };
  }

  async #isQuiet(): Promise<void> {
    for (let quiet = 0; quiet < QUIET_LOOKS; quiet++) {
      await this.#page.waitForTimeout(20);
      if (this.#waiting > 0 || (await this.#page.locator(BUSY).count()) > 0) quiet = 0;
    }
  }
}
