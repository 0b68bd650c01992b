/**
 * Somebody with a browser, as verbs: a fresh context for each. A page that throws, writes an error to the console, or sends a
 * request to another host fails the test when its visitor leaves.
 */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import {
  type Browser,
  type BrowserContext,
  type ConsoleMessage,
  chromium,
  type Locator,
  type Page,
} from "playwright-core";
import { expect, inject } from "vitest";
import { CONTEXT } from "./chromium.ts";
import { readCodes } from "./codes.ts";

/** Edges in CSS pixels. */
export interface Box {
  readonly text: string;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  readonly lines: number;
  readonly textLeft: number;
  readonly textRight: number;
  readonly textBottom: number;
  readonly colour: string;
}
export type Cell = Pick<Box, "text" | "left" | "right" | "top">;

/** Role, name and description, and the properties that the role has. Follows WAI-ARIA and Chromium's Accessibility domain. */
export interface Announced {
  readonly role: unknown;
  readonly name: unknown;
  readonly description: unknown;
  readonly [property: string]: unknown;
}

export interface VisitorOptions {
  /** The width of the window, in CSS pixels. */
  readonly width?: number;
  /** BCP 47. */
  readonly locale?: string;
  /** False: the browser runs no script. */
  readonly script?: boolean;
  /** The height of the window, in CSS pixels. */
  readonly height?: number;
  /** Pixels of the screen in a CSS pixel. */
  readonly density?: number;
  /** The address of another Chromium than that of all tests. */
  readonly browser?: string;
  /** What pages may use without asking, such as "camera". */
  readonly permissions?: string[];
  /** Default: Chromium's own on Linux. */
  readonly userAgent?: string;
  /** True: fingers in place of a mouse. */
  readonly touch?: boolean;
  /** The address that Cloudflare's edge would report. */
  readonly network?: string;
  /** The origin of another service than the instance of all tests. */
  readonly site?: string;
  /** An origin that links lead to. */
  readonly leadsTo?: string;
}

export const {
  origin,
  adminToken,
  appleOrigin,
  googleOrigin,
  rootPem,
  passes,
  arabic,
  browser: address,
} = inject("pages");
export const PHONE = 390;
export const WIDTHS = [320, PHONE, 1280] as const;

const GOOD_SHIFT = 0.1;
export const MIN_TARGET = 44;
const TARGETS =
  "a:not(.details a:not(:only-of-type)), button, summary, select, input:not([type=hidden], [type=checkbox], [type=radio]), label:has(> [type=checkbox], > [type=radio])";

/** All rules of axe, and in the dark those about colours, because nothing else is different there. */
const AXE_RULES = [
  ["light", ""],
  ["dark", '["color-contrast", "link-in-text-block"]'],
] as const;

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const IN_PAGE = join(import.meta.dirname, "in-page.js");
/** The usual height of the window, in CSS pixels. */
export const HEIGHT = 844;
/** The bit for "copy" in dragOperationsMask of the DevTools protocol. */
const COPY = 1;

/** The path of the page of a sample. @param name as in a file name */
export function pathOf(name: string): string {
  const found = passes.find((pass) => pass.name === name);
  if (found === undefined) throw new Error(`there is no pass ${name}`);
  return found.path;
}

/** The connected browsers by address. Each test file connects once. */
const connected = new Map<string, Promise<Browser>>();

export class Visitor implements AsyncDisposable {
  page: Page;
  readonly #context: BrowserContext;
  readonly #site: string;
  readonly #faults: string[] = [];
  readonly #excused: { readonly text: RegExp; readonly url: string }[] = [];

  private constructor(context: BrowserContext, page: Page, site: string, leadsTo: string | undefined) {
    this.#context = context;
    this.page = page;
    this.#site = site;
    context.on("weberror", (error) => this.#faults.push(error.error().message));
    context.on("console", (message) => {
      if (message.type() === "error" && !this.#isExcused(message))
        this.#faults.push(`${message.text()} ${message.location().url}`);
    });
    // The context also sees the requests of a service worker.
    context.on("request", (request) => {
      const { protocol, origin: asked } = new URL(request.url());
      if (protocol !== "data:" && protocol !== "blob:" && asked !== site && asked !== leadsTo)
        this.#faults.push(`a request to ${request.url()}`);
    });
  }

  static async comes({
    width = PHONE,
    height = HEIGHT,
    locale,
    script = true,
    userAgent,
    touch = false,
    network,
    density = 1,
    browser = address,
    permissions = [],
    site = origin,
    leadsTo,
  }: VisitorOptions = {}): Promise<Visitor> {
    const connection = connected.get(browser) ?? chromium.connect(browser);
    connected.set(browser, connection);
    const context = await (await connection).newContext({
      ...CONTEXT,
      ...(locale === undefined ? {} : { locale }),
      ...(userAgent === undefined ? {} : { userAgent }),
      ...(network === undefined ? {} : { extraHTTPHeaders: { "CF-Connecting-IP": network } }),
      hasTouch: touch,
      javaScriptEnabled: script,
      viewport: { width, height },
      deviceScaleFactor: density,
      permissions,
    });
    await context.addInitScript({ path: IN_PAGE });
    return new Visitor(context, await context.newPage(), site, leadsTo);
  }

  /** @param path relative to the origin */
  async opens(path: string, status = 200): Promise<void> {
    if (status >= 400) this.expectsRefusal(path);
    const response = await this.page.goto(this.#site + path);
    expect(response?.status()).toBe(status);
  }

  /**
   * Chromium writes an error for each request that fails. Those that a test is about are excused.
   * @param path the beginning of it
   */
  excuses(text: RegExp, path: string): void {
    this.#excused.push({ text, url: this.#site + path });
  }

  #isExcused(message: ConsoleMessage): boolean {
    const asked = message.location().url;
    return this.#excused.some(({ text, url }) => text.test(message.text()) && asked.startsWith(url));
  }

  /** The page ends without a warning, as with a battery that dies, and is opened again. */
  async reopens(path: string): Promise<void> {
    await this.page.close();
    this.page = await this.#context.newPage();
    await this.page.goto(this.#site + path);
  }

  /** The answers of this path may be errors. */
  expectsRefusal(path: string): void {
    this.excuses(/the server responded with a status/, path);
  }

  async resizes(width: number): Promise<void> {
    await this.page.setViewportSize({ width, height: HEIGHT });
  }

  /** Presses Tab until the element has the focus. */
  async tabsTo(selector: string, most = 20): Promise<void> {
    const element = this.page.locator(selector).first();
    for (let pressed = 0; pressed < most; pressed++) {
      await this.page.keyboard.press("Tab");
      if (await element.evaluate((node) => node.matches(":focus"))) return;
    }
    throw new Error(`${selector} has no focus after ${most} tabs`);
  }

  /** The elements that are drawn. */
  sees(selector: string): Promise<Box[]> {
    return this.page.evaluate(`boxesOf(${JSON.stringify(selector)})`);
  }

  /** The cells of each row of fields. */
  rows(selector: string): Promise<Cell[][]> {
    return this.page.evaluate(`rowsOf(${JSON.stringify(selector)})`);
  }

  overflow(): Promise<number> {
    return this.page.evaluate("overflowOf()");
  }

  /** What Chromium tells a screen reader about the first element. */
  async announced(selector: string): Promise<Announced> {
    const client = await this.#context.newCDPSession(this.page);
    const { root } = await client.send("DOM.getDocument", { depth: 0 });
    const { nodeId } = await client.send("DOM.querySelector", { nodeId: root.nodeId, selector });
    const { nodes } = await client.send("Accessibility.getPartialAXTree", { nodeId, fetchRelatives: false });
    await client.detach();
    const [node] = nodes;
    const properties = (node?.properties ?? []).map(({ name, value }) => [name, value.value]);
    return {
      role: node?.role?.value,
      name: node?.name?.value,
      description: node?.description?.value,
      ...Object.fromEntries(properties),
    };
  }

  /** The messages of the codes that a camera finds in the window, or in one element. */
  async scans(selector?: string): Promise<string[]> {
    const picture = selector === undefined ? this.page : this.page.locator(selector);
    return await readCodes(await picture.screenshot());
  }

  /** Drags a file from a folder of the computer onto the element. */
  async drops(file: string, target: Locator): Promise<void> {
    await target.scrollIntoViewIfNeeded();
    const { x, y, width, height } = (await target.boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
    const drag = {
      ...{ x: x + width / 2, y: y + height / 2 },
      data: { items: [], files: [file], dragOperationsMask: COPY },
    };
    const client = await this.#context.newCDPSession(this.page);
    for (const type of ["dragEnter", "dragOver", "drop"] as const)
      await client.send("Input.dispatchDragEvent", { type, ...drag });
    await client.detach();
  }

  /** What is smaller than a finger, without several links within a text and boxes whose label is the target. */
  async smallTargets(): Promise<string[]> {
    const targets = await this.sees(TARGETS);
    return targets
      .filter(({ left, right, top, bottom }) => Math.min(right - left, bottom - top) < MIN_TARGET)
      .map(({ text, left, right, top, bottom }) => `${text}: ${right - left} × ${bottom - top} px`);
  }

  /** What axe objects to, in light and in dark colours. */
  async violations(): Promise<string[]> {
    const found: string[] = [];
    // Evaluated, and not added as a script element: the page's Content-Security-Policy refuses it.
    await this.page.evaluate(axe);
    for (const [colorScheme, rules] of AXE_RULES) {
      await this.page.emulateMedia({ colorScheme });
      const violations = await this.page.evaluate<string[]>(`violations(${rules})`);
      found.push(...violations.map((violation) => `${colorScheme}: ${violation}`));
    }
    return found;
  }

  /**
   * Expects that nothing is cut or too small to tap at any width, and that axe finds nothing on a desktop and on a phone. The page
   * then has the width of a phone.
   */
  async expectsToFit(): Promise<void> {
    for (const width of WIDTHS) {
      await this.resizes(width);
      expect(await this.overflow()).toBeLessThanOrEqual(0);
      expect(await this.smallTargets()).toEqual([]);
    }
    expect(await this.violations()).toEqual([]);
    await this.resizes(PHONE);
    expect(await this.violations()).toEqual([]);
  }

  /** Since the page was opened, nothing has moved further than the W3C's "Layout Instability" and browsers call good. */
  async expectsNoShift(): Promise<void> {
    expect(await this.page.evaluate("layoutShift()")).toBeLessThan(GOOD_SHIFT);
  }

  /** Leaves, and fails if a page did what no page may do. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#context.close();
    expect(this.#faults).toEqual([]);
  }
}
