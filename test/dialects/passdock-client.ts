/**
 * Passdock's API as a client inside the Worker's runtime calls it, and a boarding pass as its reference has it. Each verb
 * gives the answer as it came; `read` insists on a status.
 */
import { expect } from "vitest";
import type { Env } from "../../src/config.ts";
import { drawPng } from "../apple/png.ts";
import { ADMIN_TOKEN, admin, icon, ORIGIN, send } from "../harness.ts";
import { askWith } from "../wallet/web-service.ts";

export interface Summary {
  readonly id: number;
  readonly family_id: number;
  readonly web_token: string;
  readonly download: string;
}
export interface PassdockField {
  readonly key: string;
  readonly label: string;
  readonly value: string | number;
  readonly changeMessage: string;
  readonly [more: string]: unknown;
}
export interface Full extends Summary {
  readonly serial_number: string;
  readonly bar: Readonly<Record<string, string>>;
  readonly header: readonly PassdockField[];
  readonly primary: readonly PassdockField[];
  readonly secondary: readonly PassdockField[];
  readonly auxiliary: readonly PassdockField[];
  readonly back: readonly PassdockField[];
  readonly relevance: Readonly<Record<string, unknown>>;
  readonly [more: string]: unknown;
}

export const boardingPass = {
  description: "Boarding pass",
  organizationName: "Passdock Airways",
  logoText: "Passdock Airways",
  backgroundColor: "rgb(237,184,61)",
  barcodes: [{ format: "PKBarcodeFormatQR", messageEncoding: "iso-8859-1" }],
  boardingPass: {
    transitType: "PKTransitTypeAir",
    headerFields: [{ key: "gate", label: "GATE", changeMessage: "Gate changed to %@" }],
    primaryFields: [{ key: "from" }, { key: "to" }],
    secondaryFields: [{ key: "price", label: "PRICE", currencyCode: "EUR" }],
    auxiliaryFields: [
      {
        key: "departure",
        label: "DEPARTURE",
        dateStyle: "PKDateStyleMedium",
        timeStyle: "PKDateStyleMedium",
      },
    ],
    backFields: [{ key: "terms", label: "TERMS", value: "As printed." }],
  },
};

const { boardingPass: style, ...look } = boardingPass;
const { transitType: _, ...fields } = style;
/** The same fields in a style that takes a thumbnail. */
export const genericPass = { ...look, generic: fields };

/** A PNG in base64. */
export const portrait = (shade: number) => drawPng(90, 90, () => [shade, shade, 90, 255]).toBase64();

export const make = async (passType: string, pass: object, images: Record<string, string> = {}) =>
  (await admin.makeTemplate(passType, { pass, images: { ...icon, ...images } })).id;

type Query = Readonly<Record<string, string | number | boolean>>;

/** One call, with the key in the address unless `query` brings one. A body of text goes out as a form. */
export function request(method: string, path: string, query: Query = {}, body?: unknown): Request {
  const named = Object.entries({ api_token: ADMIN_TOKEN, ...query });
  const search = new URLSearchParams(named.map(([name, value]): [string, string] => [name, `${value}`]));
  const form = typeof body === "string";
  return new Request(`${ORIGIN}/api/v1${path}?${search}`, {
    method,
    ...(body === undefined
      ? {}
      : {
          headers: { "Content-Type": form ? "application/x-www-form-urlencoded" : "application/json" },
          body: form ? body : JSON.stringify(body),
        }),
  });
}

/** The same, to a Worker with other settings or bindings, until all is done. */
export const callWith = (changed: Partial<Env>, ...asked: Parameters<typeof request>) =>
  askWith(changed, request(...asked));
export const call = (...asked: Parameters<typeof request>) => send(request(...asked));

export async function read<Body>(answer: Response | Promise<Response>, status = 200): Promise<Body> {
  const { status: got, headers, body } = await parsed(await answer);
  expect({ status: got, body }).toEqual({ status, body });
  expect(headers.get("content-type")).toMatch(/^application\/json/);
  return body as Body;
}

/** The code of a refusal, which the body repeats; and its text, if it was asked for. */
export async function refusal(
  answer: Response | Promise<Response>,
): Promise<{ code: number; text?: string }> {
  const { status, body } = await parsed(await answer);
  const { code, errors = [], ...more } = body as { code: number; errors?: string[] };
  expect({ code, more }).toEqual({ code: status, more: {} });
  return { code, ...(errors[0] === undefined ? {} : { text: errors[0] }) };
}

async function parsed(answer: Response) {
  const text = await answer.text();
  return { status: answer.status, headers: answer.headers, body: text === "" ? "" : JSON.parse(text) };
}

let serialNumbers = 0;
export const freshSerial = () => `passdock-${++serialNumbers}`;

/** A pass with these keys, and a serial number of its own if they have none. */
export const created = (templateId: number, pass: object = {}) =>
  read<Summary>(
    call("POST", `/templates/${templateId}/passes`, {}, { pass: { serial_number: freshSerial(), ...pass } }),
    201,
  );
export const pathOf = ({ family_id, id }: Summary) => `/templates/${family_id}/passes/${id}`;
export const show = (at: Summary) => read<Full>(call("GET", pathOf(at)));
export const update = (at: Summary, body: unknown) => call("PUT", pathOf(at), {}, body);
