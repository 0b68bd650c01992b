/**
 * Who is answered with a page: browsers, at addresses for people. Programs and APIs get problem+json.
 */
import { expect, test } from "vitest";
import { get, ORIGIN, send } from "../harness.ts";
import { askWith } from "../wallet/web-service.ts";

const BROWSER = { Accept: "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8" };
const DEAD_LINK = `1/${"0".repeat(40)}`;

const FOR_PEOPLE = [
  ["/nowhere", "Page not found"],
  ["/admin/nowhere", "Page not found"],
  ["/v2/passes", "Page not found"],
  [`/p/${DEAD_LINK}`, "Pass not found"],
  [`/passes/${DEAD_LINK}.pkpass`, "Pass not found"],
  [`/bundles/${DEAD_LINK}.pkpasses`, "Pass not found"],
];
const FOR_PROGRAMS = [
  "/v1/nowhere",
  "/api/v1/nowhere",
  "/api/nowhere",
  "/admin/v1/nowhere",
  "/admin/mcp",
  "/healthz/x",
];

test("a browser gets each error at an address for people as a page, and a program as problem+json", async () => {
  for (const [path = "", title] of FOR_PEOPLE) {
    const page = await get(path, BROWSER);
    expect([path, page.status, page.headers.get("content-type")]).toEqual([
      path,
      404,
      "text/html; charset=UTF-8",
    ]);
    expect(page.headers.get("content-security-policy")).toContain("default-src 'none'");
    expect(page.headers.get("cache-control")).toBe("private, no-store");
    expect(await page.text()).toContain(`<h1>${title}</h1>`);
    for (const headers of [{}, { Accept: "*/*" }, { Accept: "application/json" }]) {
      expect((await get(path, headers)).headers.get("content-type")).toBe("application/problem+json");
    }
  }
});

test("the APIs answer a browser with problem+json too", async () => {
  for (const path of FOR_PROGRAMS) {
    const { status, headers } = await get(path, BROWSER);
    expect([path, status]).toEqual([path, path.startsWith("/admin") ? 401 : 404]);
    expect([path, headers.get("content-type")]).toEqual([path, "application/problem+json"]);
  }
});

test("the page of a new deployment says which setting is missing, and that of a failure says nothing", async () => {
  const open = (settings: object) => askWith(settings, new Request(`${ORIGIN}/`, { headers: BROWSER }));
  const missing = await open({ MASTER_SECRET: "" });
  expect([missing.status, missing.headers.get("content-type")]).toEqual([503, "text/html; charset=UTF-8"]);
  expect(await missing.text()).toContain("MASTER_SECRET is missing");
  const broken = await open({ DB: {} });
  expect(broken.status).toBe(500);
  expect(await broken.text()).toContain("Not available at the moment");
});

test("/admin leads a browser to the reference", async () => {
  const request = new Request(`${ORIGIN}/admin`, { headers: BROWSER, redirect: "manual" });
  const response = await send(request);
  expect([response.status, response.headers.get("location")]).toEqual([302, "/admin/docs"]);
});
