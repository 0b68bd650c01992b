/**
 * What people do to the scanner without meaning it, or with a bad intention: two taps in place of one, two tabs, and a key that is
 * held before the camera.
 */
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { adminOf } from "../tools/local/admin.ts";
import { adminToken, HEIGHT, origin, PHONE, Visitor } from "./visitor.ts";

const admin = adminOf(origin, adminToken);

async function makeKey(): Promise<string> {
  const made = await admin.send<{ key: string }>("POST", "/keys", { name: "Gate", role: "scanner" });
  return made.key;
}
async function startsScanner(visitor: Visitor, key: string): Promise<void> {
  await visitor.opens(`/scan#key=${key}`);
  await visitor.page.getByRole("button", { name: "Start" }).click();
}
/** A scanner types the code. All keys are sent in one call, because the page tells a scanner from a person by the time between two keys. */
async function reads(page: Page, code: string): Promise<void> {
  await page.evaluate(`for (const key of [...${JSON.stringify(code)}, "Enter"])
    document.body.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }))`);
}
const keptKey = (page: Page) => page.evaluate<string | null>(`localStorage.getItem("edgepass-scanner-key")`);

test("two taps on Next are one: the second one opens nothing that was under the button", async () => {
  await using visitor = await Visitor.comes({ touch: true });
  const { page } = visitor;
  await startsScanner(visitor, await makeKey());
  const answer = page.locator("section.answer");
  for (const x of [1, 3, 5, 7].map((eighth) => (eighth * PHONE) / 8)) {
    await reads(page, `nobody-has-this-${x}`);
    await answer.waitFor();
    await page.touchscreen.tap(x, HEIGHT - 50);
    await page.touchscreen.tap(x, HEIGHT - 50);
    await answer.waitFor({ state: "hidden" });
    expect(new URL(page.url()).hash, `${x} px`).toBe("");
  }
});

test("a key that is held down closes no answer, and pressed once more it does", async () => {
  await using visitor = await Visitor.comes();
  const { page } = visitor;
  await startsScanner(visitor, await makeKey());
  await reads(page, "nobody-has-this");
  const answer = page.locator("section.answer");
  await answer.waitFor();
  const press = (repeat: boolean) =>
    page.evaluate(`document.querySelector("section.answer")
      .dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true, repeat: ${repeat} }))`);
  await press(true);
  await page.evaluate("new Promise(requestAnimationFrame).then(() => new Promise(requestAnimationFrame))");
  expect(await answer.count()).toBe(1);
  await press(false);
  await answer.waitFor({ state: "hidden" });
});

test("a tab goes on with the key of another tab, and not without one", async () => {
  await using visitor = await Visitor.comes();
  const { page: first } = visitor;
  const [one, two] = [await makeKey(), await makeKey()];
  await startsScanner(visitor, one);
  const second = await first.context().newPage();
  const authorization: string[] = [];
  second.on("request", (request) => {
    const { authorization: sent } = request.headers();
    if (sent !== undefined) authorization.push(sent);
  });
  await second.goto(`${origin}/scan`);
  await second.getByRole("heading", { name: "Scan", exact: true }).waitFor({ state: "attached" });
  await first.goto(`${origin}/scan#key=${two}`);
  await expect.poll(() => authorization.at(-1)).toBe(`Bearer ${two}`);
  await first.getByRole("button", { name: "Start" }).click();
  await first.getByRole("link", { name: "Settings" }).click();
  await first.getByRole("button", { name: "Forget the key" }).click();
  await second.getByRole("button", { name: "Sign in" }).waitFor();
  const before = authorization.length;
  await reads(second, "nobody-has-this");
  expect(authorization).toHaveLength(before);
});

test("a key that is shown as a code replaces no key that works, and is not sent as a code; without a key it signs in", async () => {
  await using visitor = await Visitor.comes();
  const { page } = visitor;
  const [own, shown] = [await makeKey(), await makeKey()];
  await startsScanner(visitor, own);
  const bodies: string[] = [];
  page.on("request", (request) => bodies.push(request.postData() ?? ""));
  for (const code of [
    shown,
    `${origin}/scan#key=${shown}`,
    `https://elsewhere.example/#key=${shown}&place=Mine`,
  ]) {
    await reads(page, code);
    await page.getByText("This is the code of a key, not of a pass.").waitFor();
    expect(await keptKey(page)).toBe(own);
  }
  expect(bodies.join("")).not.toContain("epkey_");
  await page.evaluate("localStorage.clear()");
  await page.reload();
  await page.getByRole("button", { name: "Sign in" }).waitFor();
  await reads(page, `${origin}/scan#key=${shown}`);
  await page.getByRole("button", { name: "Start" }).waitFor();
  expect(await keptKey(page)).toBe(shown);
});

test("a reader that did not load is loaded by Try again, once the server can be reached", async () => {
  await using visitor = await Visitor.comes();
  const { page } = visitor;
  // A camera that sees nothing, and no service worker, which would have the reader already.
  await page.addInitScript(`delete Navigator.prototype.serviceWorker;
    const canvas = document.createElement("canvas");
    const context = canvas.getContext("2d");
    setInterval(() => context.fillRect(0, 0, 9, 9), 50);
    navigator.mediaDevices.getUserMedia = async () => canvas.captureStream();`);
  await page.route("**/static/decoder*", (route) => {
    visitor.expectsRefusal(new URL(route.request().url()).pathname);
    return route.fulfill({ status: 503 });
  });
  await startsScanner(visitor, await makeKey());
  await page.getByText("Codes cannot be read yet").waitFor();
  await page.unrouteAll();
  await page.getByRole("button", { name: "Try again" }).click();
  await page.getByText("Hold the code in the frame").waitFor();
});
