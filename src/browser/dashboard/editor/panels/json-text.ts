/**
 * A draft as JSON text that people edit, and back. Images and the pass type are not in it: they have a place of their own. Pure.
 */
import { isNumber, isObject, type JsonObject } from "../../../../json.ts";
import { parseStrictJson } from "../../../../pkpass/strict-json.ts";
import { walletChoice } from "../../offered-wallets.ts";
import type { TemplateDraft } from "../draft/draft.ts";
import { toStrings } from "../draft/draft-change.ts";

type Members = Omit<TemplateDraft, "images" | "passTypeIdentifier">;

/** Indented, with the digits of exact numbers. */
export function textOfDraft(draft: TemplateDraft): string {
  const { images: _images, passTypeIdentifier: _passTypeIdentifier, pass, ...others } = draft;
  return JSON.stringify({ pass, ...others }, undefined, 2);
}

/** `fault` is a sentence for people. */
export type ReadText = { readonly members: Members } | { readonly fault: string };

/** A member that is left out is null, or what a new template has. */
export function readDraftText(text: string): ReadText {
  const read = parseStrictJson(new TextEncoder().encode(text));
  if (read.outcome === "broken") return { fault: `This is not JSON yet: ${read.why}.` };
  const [repeated] = read.repeated;
  if (repeated !== undefined) return { fault: `“${repeated.join(" → ")}” is there twice.` };
  if (!isObject(read.value)) return { fault: "It must be one object: { … }." };
  return readMembers(read.value);
}

const KNOWN = [
  ...["pass", "name", "projectId", "externalId", "webService", "barcodeText", "contact", "wallets"],
  ...["strings", "personalization", "scan", "join", "google"],
];

function readMembers(value: JsonObject): ReadText {
  const unknown = Object.keys(value).find((key) => !KNOWN.includes(key));
  if (unknown !== undefined) return { fault: `There is no “${unknown}” in a template.` };
  const faults: string[] = [];
  const read = <T>(key: string, otherwise: T, take: (member: unknown) => T | undefined, what: string): T => {
    const member = value[key];
    const taken = member === undefined || member === null ? otherwise : take(member);
    if (taken === undefined) faults.push(`“${key}” must be ${what}.`);
    return taken ?? otherwise;
  };
  const text = (member: unknown) => (typeof member === "string" ? member : undefined);
  const object = (member: unknown) => (isObject(member) ? member : undefined);
  const orNull = (key: string) => read<JsonObject | null>(key, null, object, "an object or null");
  const members: Members = {
    name: read("name", "", text, "a text"),
    pass: read<JsonObject>("pass", {}, object, "an object"),
    projectId: read<number | null>("projectId", null, idOf, "the number of a project, or null"),
    externalId: read<string | null>("externalId", null, text, "a text or null"),
    webService: read("webService", "/", webServiceOf, '"/" or "/api"'),
    barcodeText: read("barcodeText", null, barcodeTextOf, '"message" or null'),
    contact: read<string | null>("contact", null, text, "a text or null"),
    wallets: read<Members["wallets"]>("wallets", null, walletsOf, '"both", "apple", "google" or null'),
    strings: read("strings", {}, toStrings, "an object with an object of texts for each language"),
    personalization: orNull("personalization"),
    scan: orNull("scan"),
    join: orNull("join"),
    google: orNull("google"),
  };
  const [fault] = faults;
  return fault === undefined ? { members } : { fault };
}

const idOf = (member: unknown) => (isNumber(member) && typeof member === "number" ? member : undefined);

function walletsOf(member: unknown): Members["wallets"] | undefined {
  return walletChoice.options.find((each) => each === member);
}

function webServiceOf(member: unknown): Members["webService"] | undefined {
  return member === "/" || member === "/api" ? member : undefined;
}

function barcodeTextOf(member: unknown): Members["barcodeText"] | undefined {
  return member === "message" ? member : undefined;
}
