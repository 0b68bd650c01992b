/** Join pages in Chromium: the form by keyboard and without script, what a screen reader gets, refusals and the poster. */
import { beforeAll, describe, expect, test } from "vitest";
import type { Pass } from "../../src/passes/show.ts";
import type { Template } from "../../src/templates/show.ts";
import { drawPng } from "../apple/png.ts";
import { adminOf } from "../tools/local/admin.ts";
import { PASS_TYPE_IDENTIFIER } from "../tools/local/provision.ts";
import { countPages } from "./pdf.ts";
import { adminToken, HEIGHT, origin, PHONE, Visitor } from "./visitor.ts";

const admin = adminOf(origin, adminToken);
const KEYS = ["name", "email", "size", "birthday", "news"] as const;
const PASS = {
  description: "Coffee club",
  organizationName: "Corner Roasters",
  backgroundColor: "rgb(43, 26, 18)",
  foregroundColor: "rgb(255, 244, 224)",
  storeCard: { secondaryFields: KEYS.map((key) => ({ key, label: key, value: "" })) },
};
const png = (width: number, height: number) =>
  Buffer.from(drawPng(width, height, () => [222, 178, 129, 255])).toString("base64");
const IMAGES = { "icon.png": png(29, 29), "logo.png": png(160, 50) };
const RULE = {
  text: "Collect stamps, and get the tenth cup as a gift.",
  fields: [
    { key: "name", label: "First name", type: "text", required: true, maxLength: 20 },
    { key: "email", label: "Email", type: "email", required: true, hint: "For your receipt" },
    { key: "size", label: "Cup", type: "select", options: ["Small", "Large"] },
    { key: "birthday", label: "Birthday", type: "date" },
    { key: "news", label: "Tell me about new beans", type: "checkbox" },
  ],
  consent: "I agree to the terms.",
};
const PASS_PAGE = /\/p\/\d+\/[0-9a-f]{40}$/;
/** A browser takes it for an address, and the server asks for a whole one. */
const HALF_ADDRESS = "ada@example";

interface Join {
  readonly id: number;
  readonly path: string;
}
async function makeJoin(slug: string, more: Record<string, unknown> = {}): Promise<Join> {
  const join = { slug, ...RULE, ...more };
  const body = { name: slug, passTypeIdentifier: PASS_TYPE_IDENTIFIER, pass: PASS, images: IMAGES, join };
  const { id } = await admin.send<Template>("POST", "/templates", body);
  return { id, path: `/join/${slug}` };
}
const passesOf = async ({ id }: Join) =>
  (await admin.get<{ items: Pass[] }>(`/passes?templateId=${id}`)).items;

let networks = 0;
/** A visitor with a network of its own, because the limits count by network. */
const comes = (options: Parameters<typeof Visitor.comes>[0] = {}) => {
  networks += 1;
  return Visitor.comes({ network: `192.0.2.${networks}`, ...options });
};

/** Fills in what is required. */
async function fill({ page }: Visitor, email = "ada@example.com"): Promise<void> {
  await page.getByLabel("First name").fill("Ada");
  await page.getByLabel("Email").fill(email);
  await page.getByLabel("I agree to the terms.").check();
}
const submit = ({ page }: Visitor) => page.getByRole("button", { name: "Get the pass" }).click();

/** Opens the form and sends it with a half address. */
async function sendWrong(visitor: Visitor, path: string): Promise<void> {
  await visitor.opens(path);
  await fill(visitor, HALF_ADDRESS);
  visitor.expectsRefusal(path);
  await submit(visitor);
  await visitor.page.locator(".summary").waitFor();
}

let open: Join;
beforeAll(async () => {
  open = await makeJoin("browser-open");
});

test("without script and with the keyboard alone: a wrong answer is announced, what was typed stays, and the form gives a pass", async () => {
  const join = await makeJoin("browser-keyboard");
  await using visitor = await comes({ script: false });
  const { page } = visitor;
  const { keyboard } = page;
  await visitor.opens(join.path);
  await visitor.tabsTo("#field-1");
  await keyboard.type("Ada");
  await visitor.tabsTo("#field-2");
  await keyboard.type(HALF_ADDRESS);
  await visitor.tabsTo("#field-3");
  await keyboard.press("ArrowDown");
  await visitor.tabsTo("#field-4");
  await keyboard.type("12121990");
  await visitor.tabsTo("#field-5");
  await keyboard.press("Space");
  await visitor.tabsTo("#consent");
  await keyboard.press("Space");
  visitor.expectsRefusal(join.path);
  await visitor.tabsTo("button");
  await keyboard.press("Enter");

  await page.locator(".summary").waitFor();
  expect(await visitor.announced(".summary")).toMatchObject({
    name: "Please check what you entered.",
    focused: true,
  });
  expect(await page.title()).toMatch(/^Please check: /);
  await keyboard.press("Tab");
  await keyboard.press("Enter");
  expect(await visitor.announced("#field-2")).toMatchObject({
    role: "textbox",
    name: "Email",
    description: "For your receipt Enter a whole email address, such as name@example.com.",
    invalid: "true",
    required: true,
    focused: true,
  });
  const values = await Promise.all([1, 2, 3, 4].map((n) => page.locator(`#field-${n}`).inputValue()));
  expect(values).toEqual(["Ada", HALF_ADDRESS, "Small", "1990-12-12"]);
  expect(await page.locator("#field-5").isChecked()).toBe(true);
  expect(await page.locator("#consent").isChecked()).toBe(true);

  await keyboard.press("End");
  await keyboard.type(".com");
  await keyboard.press("Enter");
  await page.waitForURL(PASS_PAGE);
  const [pass, ...others] = await passesOf(join);
  expect([page.url(), others]).toEqual([pass?.landingUrl, []]);
  expect(pass?.values).toMatchObject({ email: { value: "ada@example.com" }, news: { value: "Yes" } });
});

test("each input has a label, and says whether it is required", async () => {
  await using visitor = await comes();
  await visitor.opens(open.path);
  const announced = [1, 2, 3, 4, 5].map((n) => visitor.announced(`#field-${n}`));
  expect((await Promise.all(announced)).map(({ role, name, required }) => [role, name, required])).toEqual([
    ["textbox", "First name", true],
    ["textbox", "Email", true],
    ["combobox", "Cup (optional)", undefined],
    ["Date", "Birthday (optional)", undefined],
    ["checkbox", "Tell me about new beans", undefined],
  ]);
  expect(await visitor.announced("#consent")).toMatchObject({
    role: "checkbox",
    name: "I agree to the terms.",
  });
});

test("a double tap, and a reload of the page that it leads to, give one pass", async () => {
  const join = await makeJoin("browser-twice");
  await using visitor = await comes({ touch: true });
  await visitor.opens(join.path);
  await fill(visitor);
  await visitor.page.getByRole("button", { name: "Get the pass" }).dblclick();
  await visitor.page.waitForURL(PASS_PAGE);
  const first = visitor.page.url();
  await visitor.page.reload();
  expect(visitor.page.url()).toBe(first);
  expect((await passesOf(join)).map(({ landingUrl }) => landingUrl)).toEqual([first]);
});

test("a reload of a form that was refused is the same form, which still gives one pass", async () => {
  const join = await makeJoin("browser-reload");
  await using visitor = await comes();
  await sendWrong(visitor, join.path);
  const nonce = await visitor.page.locator("[name=nonce]").inputValue();
  await visitor.page.reload();
  expect(await visitor.page.locator("[name=nonce]").inputValue()).toBe(nonce);
  await visitor.page.getByLabel("Email").fill("ada@example.com");
  await submit(visitor);
  await visitor.page.waitForURL(PASS_PAGE);
  expect(await passesOf(join)).toHaveLength(1);
});

describe("a page that gives no pass says why, and has no form", () => {
  const expectRefused = async (visitor: Visitor, sentence: string) => {
    await visitor.page.locator(".ended").waitFor();
    const [ended] = await visitor.sees(".ended");
    expect(ended?.text).toContain(sentence);
    expect(ended?.bottom).toBeLessThan(HEIGHT);
    expect(await visitor.sees("form, input, button")).toEqual([]);
    expect(await visitor.violations()).toEqual([]);
    await visitor.resizes(320);
    expect(await visitor.overflow()).toBeLessThanOrEqual(0);
  };

  test("after its closing date", async () => {
    const { path } = await makeJoin("browser-closed", { closesAt: "2020-01-01T00:00:00Z" });
    await using visitor = await comes();
    await visitor.opens(path, 410);
    await expectRefused(visitor, "This offer has ended");
  });

  test("when all passes are given out, also to those who had the form open", async () => {
    const { path } = await makeJoin("browser-full", { cap: 1 });
    await using late = await comes();
    await late.opens(path);
    await using early = await comes();
    await early.opens(path);
    await fill(early);
    await submit(early);
    await early.page.waitForURL(PASS_PAGE);
    await fill(late);
    late.expectsRefusal(path);
    await submit(late);
    await expectRefused(late, "have been given out");
    await early.opens(path, 410);
  });

  test("to a network that had its share, and not to another one", async () => {
    const { path } = await makeJoin("browser-network", { perNetworkPerDay: 1 });
    const joins = async (visitor: Visitor) => {
      await visitor.opens(path);
      await fill(visitor);
      await submit(visitor);
    };
    await using first = await comes({ network: "198.51.100.1" });
    await joins(first);
    await first.page.waitForURL(PASS_PAGE);
    await using second = await comes({ network: "198.51.100.1" });
    second.expectsRefusal(path);
    await joins(second);
    await expectRefused(second, "Many passes were made from your network");
    await using other = await comes({ network: "198.51.100.2" });
    await joins(other);
    await other.page.waitForURL(PASS_PAGE);
  });
});

describe.each([320, PHONE, 1280])("at %i px", (width) => {
  test("nothing of the form, also with errors, is cut or too small to tap", async () => {
    await using visitor = await comes({ width });
    await visitor.opens(open.path);
    expect(await visitor.overflow()).toBeLessThanOrEqual(0);
    expect(await visitor.smallTargets()).toEqual([]);
    await sendWrong(visitor, open.path);
    expect(await visitor.overflow()).toBeLessThanOrEqual(0);
    expect(await visitor.smallTargets()).toEqual([]);
  });
});

test("axe finds nothing on the form, with and without errors, in light and dark", async () => {
  await using visitor = await comes();
  await visitor.opens(open.path);
  expect(await visitor.violations()).toEqual([]);
  await sendWrong(visitor, open.path);
  expect(await visitor.violations()).toEqual([]);
});

describe("the poster", () => {
  const WORDS = "Collect stamps with every cup of coffee and ";

  test("leads to the form, and axe finds nothing on it", async () => {
    await using visitor = await comes();
    await visitor.opens(`${open.path}/poster`);
    expect(await visitor.scans(".code")).toEqual([origin + open.path]);
    expect(await visitor.violations()).toEqual([]);
    await visitor.resizes(320);
    expect(await visitor.overflow()).toBeLessThanOrEqual(0);
  });

  test.each([
    ["short texts", "browser-open", {}],
    ["the longest texts", "browser-long", { title: WORDS.repeat(4), text: WORDS.repeat(22) }],
    ["twenty lines", "browser-lines", { text: `${WORDS}\n`.repeat(20) }],
  ])("is one page with %s, on each paper", async (_what, slug, texts) => {
    const { path } = slug === "browser-open" ? open : await makeJoin(slug, texts);
    await using visitor = await comes();
    await visitor.opens(`${path}/poster`);
    for (const format of ["A4", "A5", "Letter"]) {
      expect(countPages(await visitor.page.pdf({ format })), format).toBe(1);
    }
    // As on A4: the paper has the proportions of the window.
    await visitor.page.setViewportSize({ width: 794, height: 1123 });
    await visitor.page.emulateMedia({ media: "print" });
    const [text] = await visitor.sees(".intro");
    expect(text?.textBottom).toBeLessThanOrEqual((text?.bottom ?? 0) + 1);
    const [url] = await visitor.sees(".url");
    expect(url?.bottom).toBeLessThanOrEqual(1123);
    expect(await visitor.scans(".code")).toEqual([origin + path]);
    // As on Letter: the colour of the pass reaches both edges.
    await visitor.page.setViewportSize({ width: 816, height: 1056 });
    expect(await visitor.sees(".paper")).toMatchObject([{ left: 0, right: 816 }]);
  });
});
