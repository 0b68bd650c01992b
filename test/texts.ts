/**
 * Requests and answers as texts, because a parser or JSON.stringify would change long numbers and unusual keys.
 */
import { strFromU8, unzipSync, zipSync } from "fflate";
import { expect } from "vitest";
import { icon, PKPASS } from "./admin/import/file.ts";
import { ADMIN_TOKEN, admin, ORIGIN, send } from "./harness.ts";
import { bytesOf } from "./pkpass/archives.ts";

export const FORM = { "Content-Type": "application/x-www-form-urlencoded" };

/** A request with this text as its body. The answer is not parsed, which could round its numbers. */
export async function ask(
  method: string,
  path: string,
  body?: string | Uint8Array,
  headers = {},
  status = 200,
) {
  const all = { Authorization: `Bearer ${ADMIN_TOKEN}`, "Content-Type": "application/json", ...headers };
  const answer = await send(
    new Request(ORIGIN + path, { method, headers: all, ...(body === undefined ? {} : { body }) }),
  );
  const text = await answer.text();
  expect([answer.status, text]).toEqual([status, text]);
  return text;
}
export const issueText = (templateId: number, body: string) =>
  ask("POST", `/admin/v1/templates/${templateId}/passes`, body, {}, 201);
export const readId = (answer: string) => Number(/"id":(\d+)/.exec(answer)?.[1]);

export const pkpass = (passJson: string, more: Record<string, Uint8Array> = {}) =>
  zipSync({ "pass.json": bytesOf(passJson), "icon@3x.png": icon, ...more });
export const importFile = (json: string, status: number, more: Record<string, Uint8Array> = {}) =>
  ask("POST", "/admin/v1/templates/import", pkpass(json, more), PKPASS, status);

/** The text of pass.json in a download. */
export async function passJson(id: number): Promise<string> {
  const { downloadUrl } = await admin.show(id);
  const bytes = new Uint8Array(await (await send(new Request(downloadUrl))).arrayBuffer());
  return strFromU8(unzipSync(bytes)["pass.json"] ?? new Uint8Array());
}
