/**
 * Clients of several passes in one download: who makes a link, and who opens one.
 */
import { env } from "cloudflare:workers";
import { expect } from "vitest";
import type { Pass } from "../../src/passes/show.ts";
import { openPkpasses } from "../apple/pkpasses.ts";
import { counted } from "../counting.ts";
import { admin, call, get } from "../harness.ts";
import { ask, askWith } from "../wallet/web-service.ts";

/** Two passes of one pass type and, between them, one of another with the same serial number. */
export async function makeThree(passTypeIdentifier: string) {
  const other = `${passTypeIdentifier}.other`;
  await admin.makePassType(passTypeIdentifier);
  await admin.makePassType(other, undefined, "P-256");
  const { id: templateId } = await admin.makeTemplate(passTypeIdentifier);
  const { id: otherTemplateId } = await admin.makeTemplate(other);
  const three: [Pass, Pass, Pass] = [
    await admin.issue(templateId, { serialNumber: "seat 1" }),
    await admin.issue(otherTemplateId, { serialNumber: "seat 1" }),
    await admin.issue(templateId, { serialNumber: "seat 2" }),
  ];
  return { templateId, three };
}

export const idsOf = (passes: readonly Pass[]) => passes.map(({ id }) => id);
export const pathOf = (link: string) => new URL(link).pathname;

export async function linkTo(passes: readonly Pass[]): Promise<string> {
  const { status, body } = await call<{ url: string; passIds: number[] }>("POST", "/bundles", {
    passIds: idsOf(passes),
  });
  expect([status, body.passIds]).toEqual([200, idsOf(passes)]);
  return body.url;
}

/** The files of an answer that brings some, in their order. */
export async function opened(response: Response) {
  expect(response.status).toBe(200);
  expect(response.headers.get("content-type")).toBe("application/vnd.apple.pkpasses");
  return openPkpasses(new Uint8Array(await response.arrayBuffer()));
}

export const filesAt = async (link: string) => opened(await get(pathOf(link)));
export const etagAt = async (link: string) => (await get(pathOf(link))).headers.get("etag") ?? "";

/** The answers for a link, byte for byte, with the number of statements that it cost. */
export async function told(path: string, headers: Record<string, string> = {}) {
  const { env: counting, asked } = counted(env);
  const response = await askWith(counting, ask("GET", path, headers));
  return {
    status: response.status,
    headers: [...response.headers].toSorted(),
    body: new TextDecoder().decode(await response.arrayBuffer()),
    statements: asked.length,
  };
}
