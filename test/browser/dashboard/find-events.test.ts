/**
 * Events are found by their ids in the projects of a service, with few requests.
 */
import { expect, test } from "vitest";
import type { AdminApi } from "../../../src/browser/dashboard/admin-api.ts";
import { findEvents } from "../../../src/browser/dashboard/find-events.ts";

/** A service with these answers. It refuses any other path. */
function serviceOf(answers: Readonly<Record<string, unknown>>) {
  const asked: string[] = [];
  const get: AdminApi["get"] = async (path, parse) => {
    asked.push(path);
    const body = parse({ items: answers[path], nextCursor: null });
    if (answers[path] === undefined || body === undefined)
      return { kind: "refused", status: 404, code: "not_found", detail: "", serverTime: null };
    return { kind: "ok", body, serverTime: null };
  };
  return { api: { get }, asked };
}
const named = (id: number, name: string) => ({ id, name });

test("events are sought project by project, until all are found", async () => {
  const { api, asked } = serviceOf({
    "/projects?limit=200": [named(3, "Tour"), named(2, "Club"), named(1, "Old")],
    "/projects/3/events?limit=200": [named(9, "Berlin")],
    "/projects/2/events?limit=200": [named(7, "Monday"), named(8, "Tuesday")],
  });
  expect([...(await findEvents(api, [8, 9]))]).toEqual([
    [9, { name: "Berlin", projectId: 3 }],
    [8, { name: "Tuesday", projectId: 2 }],
  ]);
  expect(asked).toHaveLength(3);
});

test("an event that is gone has no name, a refusal is no fault, and nothing is asked for no events", async () => {
  const { api, asked } = serviceOf({ "/projects?limit=200": [named(3, "Tour")] });
  expect((await findEvents(api, [])).size).toBe(0);
  expect(asked).toEqual([]);
  expect((await findEvents(api, [4])).size).toBe(0);
  expect(asked).toEqual(["/projects?limit=200", "/projects/3/events?limit=200"]);
});

test("at most 20 projects are looked through", async () => {
  const projects = Array.from({ length: 50 }, (_, index) => named(index + 1, "Many"));
  const { api, asked } = serviceOf({ "/projects?limit=200": projects });
  await findEvents(api, [4]);
  expect(asked).toHaveLength(21);
});
