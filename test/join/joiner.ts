/**
 * Somebody who joins: opens the form of a join page, and sends it.
 */
import { afterEach, beforeAll, beforeEach, expect, vi } from "vitest";
import type { Pass } from "../../src/passes/show.ts";
import { admin, call, get, ORIGIN, send } from "../harness.ts";

export const HOUR_MS = 60 * 60_000;
export const HTML = { Accept: "text/html" };
export const PASS_PAGE = /^\/p\/\d+\/[0-9a-f]{40}$/;
export const fields = [
  { key: "points", label: "First name", type: "text", required: true, maxLength: 20 },
  { key: "terms", label: "Email", type: "email", autocomplete: "email" },
  { key: "until", label: "Birthday", type: "date" },
];
export const filled = {
  "field.points": "Ada",
  "field.terms": "ada@example.com",
  "field.until": "1990-12-10",
};

/** Makes the pass type before the tests of a file. Each test has a network of its own, because the limiter is shared. */
export function useJoinPages(passTypeIdentifier: string) {
  let slugs = 0;
  let networks = 0;
  let network = "";
  beforeAll(async () => {
    await admin.makePassType(passTypeIdentifier, undefined, "P-256");
  });
  beforeEach(() => {
    networks += 1;
    network = `192.0.2.${networks}`;
  });
  afterEach(() => vi.useRealTimers());

  async function makeJoin(more: Record<string, unknown> = {}) {
    slugs += 1;
    const slug = `coffee-${slugs}`;
    const { id } = await admin.makeTemplate(passTypeIdentifier, { join: { slug, fields, ...more } });
    return { id, slug };
  }
  function post(slug: string, entered: Record<string, string>, headers: Record<string, string> = {}) {
    const request = new Request(`${ORIGIN}/join/${slug}`, {
      method: "POST",
      redirect: "manual",
      headers: { ...HTML, "CF-Connecting-IP": network, ...headers },
      body: new URLSearchParams(entered),
    });
    return send(request);
  }
  async function join(slug: string, entered: Record<string, string> = filled) {
    return post(slug, { nonce: await openForm(slug), ...entered });
  }
  /** The next requests of the test are of this network. */
  function comesFrom(address: string): void {
    network = address;
  }
  return { makeJoin, post, join, comesFrom };
}

/** Opens the page, and returns the nonce of its form. */
export async function openForm(slug: string): Promise<string> {
  const response = await get(`/join/${slug}`, HTML);
  expect(response.status).toBe(200);
  return nonceIn(await response.text());
}

export function nonceIn(html: string): string {
  return /name="nonce" value="([^"]+)"/.exec(html)?.[1] ?? "no form";
}

export async function passesOf(templateId: number): Promise<Pass[]> {
  return (await call<{ items: Pass[] }>("GET", `/passes?templateId=${templateId}`)).body.items;
}
