/**
 * The parts of the routes of the attack suite: the names that a request can use, the key, and JSON as a body.
 */
import fc from "fast-check";
import type { Sent } from "./wire.ts";
import { DEVICES, PASSES, TEMPLATES } from "./world.ts";

export type Headers = Sent["headers"];
export type Part<Value> = fc.Arbitrary<Value>;

/** Names of the world. */
export const pass = fc.nat(PASSES - 1).map((n) => `pass.${n}`);
export const template = fc.nat(TEMPLATES - 2).map((n) => `@{template.${n}}`);
export const device = fc.nat(DEVICES - 1);

export const BEARER: Headers = [["Authorization", "Bearer @{adminToken}"]];
export const JSON_TYPE = ["Content-Type", "application/json"] as const;

interface Shape extends Pick<Sent, "method"> {
  readonly target: Part<string>;
  readonly headers?: Headers;
  readonly body?: Part<unknown> | undefined;
}

/** A request with JSON as its body, or without a body. */
export function route({ method, target, headers = [], body }: Shape): Part<Sent> {
  if (body === undefined) return target.map((address) => ({ method, target: address, headers }));
  return fc.tuple(target, body).map(([address, json]) => ({
    method,
    target: address,
    headers: [...headers, JSON_TYPE],
    // Ids are numbers: without quotes.
    body: { text: JSON.stringify(json).replaceAll(/"(@\{(event|template\.0|pass\.\d+\.id)\})"/g, "$1") },
  }));
}

/** A request to the admin API. */
export const admin = (method: string, target: string | Part<string>, body?: Part<unknown>) =>
  route({
    method,
    target: (typeof target === "string" ? fc.constant(target) : target).map((path) => `/admin/v1${path}`),
    headers: BEARER,
    body,
  });
