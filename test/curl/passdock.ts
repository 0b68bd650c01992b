/**
 * A curl client of Passdock's API, for rules that its reference describes in words without a curl line.
 */
import { expect } from "vitest";
import { type CurlAnswer, curl } from "./curl.ts";
import { adminToken, origin } from "./instance.ts";
import type { CompactItem, Full, Shown, Summary } from "./passdock-shapes.ts";

export type Query = Readonly<Record<string, string | number | boolean>>;

/** An address under /api/v1, with the token unless `query` has its own. */
export function api(path: string, query: Query = {}): string {
  const all = { api_token: adminToken, ...query };
  return `${origin}/api/v1${path}?${new URLSearchParams(
    Object.entries(all).map(([name, value]): [string, string] => [name, `${value}`]),
  )}`;
}

/** A pass hash in a form body, not escaped, as in the reference. */
export const form = (pass: unknown, more = "") => `pass=${JSON.stringify(pass)}${more}`;

let serialNumbers = 0;
/** A serial number that no other test uses. */
export const freshSerial = () => `serial-${Date.now()}-${++serialNumbers}`;

/** @param pass the hash, to which a serial number is added if it has none; or a whole form body */
export function create(templateId: number, pass: object | string, query: Query = {}): Promise<CurlAnswer> {
  const data = typeof pass === "string" ? pass : form({ serial_number: freshSerial(), ...pass });
  return curl(["-i", "-d", data, api(`/templates/${templateId}/passes`, query)]);
}

export async function created(templateId: number, pass: object | string = {}): Promise<Summary> {
  return read<Summary>(201, await create(templateId, pass));
}

export function update(at: Summary, pass: object | string, query: Query = {}): Promise<CurlAnswer> {
  const data = typeof pass === "string" ? pass : form(pass);
  return curl(["-i", "-X", "PUT", "-d", data, api(pathOf(at), query)]);
}

export async function updated(at: Summary, pass: object | string): Promise<Full> {
  return read<Full>(200, await update(at, pass, { debug: true }));
}

export function redeem(at: Summary, query: Query): Promise<CurlAnswer> {
  return curl(["-i", "-X", "PUT", api(`${pathOf(at)}/redeem`, query)]);
}

export function remove(at: Summary): Promise<CurlAnswer> {
  return curl(["-i", "-X", "DELETE", api(pathOf(at))]);
}

export async function show(at: Summary): Promise<Shown> {
  return read<Shown>(200, await ask(pathOf(at)));
}

/** The pass as in all responses with a full object, which do not contain the address of its page. */
export async function full(at: Summary): Promise<Full> {
  const { render_html_url: _, ...rest } = await show(at);
  return rest;
}

export function ask(path: string, query: Query = {}): Promise<CurlAnswer> {
  return curl(["-i", api(path, query)]);
}

/** The pass as in the compact list. */
export async function listed(at: Summary): Promise<CompactItem> {
  const items = await compactPage(at.family_id);
  const item = items.find(({ id }) => id === at.id);
  if (item === undefined) throw new Error(`pass ${at.id} is not in the list`);
  return item;
}

export async function compactPage(templateId: number, query: Query = {}): Promise<CompactItem[]> {
  return read<CompactItem[]>(200, await ask(`/templates/${templateId}/passes`, { compact: true, ...query }));
}

export const pathOf = ({ family_id, id }: Summary) => `/templates/${family_id}/passes/${id}`;

/** The JSON of a response, which must have this status. */
export function read<Body>(status: number, answer: CurlAnswer): Body {
  expect({ status: answer.status, body: answer.body }).toEqual({ status, body: answer.body });
  expect(answer.headers.get("content-type")).toMatch(/^application\/json\b/);
  return answer.json<Body>();
}

/** A refusal contains its code, and nothing more unless errors=true. */
export function expectRefusal(answer: CurlAnswer, code: number): void {
  expect(read(code, answer)).toEqual({ code });
}
