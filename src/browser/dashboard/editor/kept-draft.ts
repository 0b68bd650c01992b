/**
 * Drafts of templates that survive a reload of the tab. They end with the tab or with the sign-out, as all drafts (drafts.ts).
 *
 * The images that were dropped are kept under a name of their own, because they are large and change seldom.
 */
import * as z from "zod/mini";
import { parseJson, writeJson } from "../../../json.ts";
import { stemOf } from "../../../pkpass/images/names.ts";
import { orNull, parserOf } from "../../parse-answer.ts";
import { readText, type TextStore, writeText } from "../../text-store.ts";
import { readBase64, writeBase64 } from "./base64.ts";
import type { DraftImage, TemplateDraft } from "./draft.ts";
import { draftMembers, storedImage } from "./template-answer.ts";

type Images = TemplateDraft["images"];

const PREFIX = "edgepass-draft-template-";
/** The names of all kept drafts, so that a sign-out can remove them. */
const NAMES = "edgepass-draft-templates";
/** In characters. A browser gives a page about 5,000,000. */
export const MAX_KEPT_IMAGES = 3_000_000;

/** Of a template, its id. */
export type KeptName = "new" | `${number}`;

export interface KeptDraft {
  /** What the draft began with, and its revision. Null: it is a new template. */
  readonly basis: { readonly revision: number; readonly draft: TemplateDraft } | null;
  readonly draft: TemplateDraft;
}

const size = { width: z.number(), height: z.number() };
const kept = z.object({
  ...draftMembers,
  images: z.record(z.string(), z.object({ kind: z.literal("stored"), ...storedImage.shape })),
});
const parseKept = parserOf(
  z.object({ draft: kept, basis: orNull(z.object({ revision: z.number(), draft: kept })) }),
);
const parseKeptImages = parserOf(z.record(z.string(), z.object({ ...size, base64: z.string() })));

/** @returns undefined if there is none */
export function readKeptDraft(store: TextStore, name: KeptName): KeptDraft | undefined {
  const read = parseKept(parsed(readText(store, PREFIX + name)));
  if (read === undefined) return undefined;
  const dropped = parseKeptImages(parsed(readText(store, imagesName(name)))) ?? {};
  const images: Record<string, DraftImage> = { ...read.draft.images };
  for (const [path, { base64, width, height }] of Object.entries(dropped)) {
    const bytes = readBase64(base64);
    if (bytes !== undefined) images[path] = { kind: "new", bytes, width, height };
  }
  return { basis: read.basis, draft: { ...read.draft, images } };
}

/** @returns the images that cannot be kept. After a reload their slots are as in the stored template */
export function keepDraft(store: TextStore, name: KeptName, { basis, draft }: KeptDraft): readonly string[] {
  const lost = keepImages(store, name, draft.images);
  const stems = new Set(lost.map(stemOf));
  const stored = Object.entries({ ...basis?.draft.images, ...draft.images }).filter(
    ([path, { kind }]) => kind === "stored" && (Object.hasOwn(draft.images, path) || stems.has(stemOf(path))),
  );
  const text = writeJson({ basis, draft: { ...draft, images: Object.fromEntries(stored) } });
  rememberName(store, name);
  writeText(store, PREFIX + name, text);
  return lost;
}

/** They are megabytes, and stay the same while a text is typed. */
let lastKept: KeptImages | undefined;

interface KeptImages {
  readonly store: TextStore;
  readonly name: KeptName;
  readonly images: Images;
  readonly lost: readonly string[];
}

function keepImages(store: TextStore, name: KeptName, images: Images): readonly string[] {
  if (lastKept?.store === store && lastKept.name === name && lastKept.images === images) return lastKept.lost;
  const { dropped, left } = splitImages(images);
  let lost = left;
  if (!writeText(store, imagesName(name), Object.keys(dropped).length === 0 ? "" : writeJson(dropped))) {
    writeText(store, imagesName(name), "");
    lost = [...left, ...Object.keys(dropped)];
  }
  lastKept = { store, name, images, lost };
  return lost;
}

export function forgetDraft(store: TextStore, name: KeptName): void {
  lastKept = undefined;
  writeText(store, PREFIX + name, "");
  writeText(store, imagesName(name), "");
}

/** After a sign-out. */
export function forgetTemplateDrafts(store: TextStore): void {
  for (const name of namesIn(store)) forgetDraft(store, name);
  writeText(store, NAMES, "");
}

/** Whether there are unsaved changes of a template. */
export function hasKeptDraft(store: TextStore, name: KeptName): boolean {
  return readText(store, PREFIX + name) !== "";
}

const imagesName = (name: KeptName) => `${PREFIX}${name}-images`;

function rememberName(store: TextStore, name: KeptName): void {
  const names = namesIn(store);
  if (!names.includes(name)) writeText(store, NAMES, [...names, name].join(" "));
}

function namesIn(store: TextStore): readonly KeptName[] {
  return readText(store, NAMES)
    .split(" ")
    .filter((name): name is KeptName => /^(new|\d+)$/.test(name));
}

/** Those that are not sent yet, as far as there is space. */
function splitImages(images: Images) {
  const dropped: Record<string, { base64: string; width: number; height: number }> = {};
  const left: string[] = [];
  let characters = 0;
  for (const [path, image] of Object.entries(images)) {
    if (image.kind === "stored") continue;
    const base64 = writeBase64(image.bytes);
    if (characters + base64.length > MAX_KEPT_IMAGES) left.push(path);
    else {
      characters += base64.length;
      dropped[path] = { base64, width: image.width, height: image.height };
    }
  }
  return { dropped, left };
}

function parsed(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}
