/**
 * Drafts of templates that survive a reload of the tab. They end with the tab or with the sign-out, as all drafts (drafts.ts).
 *
 * The images that were dropped are kept under a name of their own, because they are large and change seldom.
 */
import * as z from "zod/mini";
import { parseJson, writeJson } from "../../../../json.ts";
import { stemOf } from "../../../../pkpass/images/names.ts";
import { orNull, parserOf } from "../../../parse-answer.ts";
import { readText, type TextStore, writeText } from "../../../text-store.ts";
import { storedImage } from "../../template-answers.ts";
import { readBase64, writeBase64 } from "./base64.ts";
import type { DraftImage, TemplateDraft } from "./draft.ts";
import { draftMembers } from "./stored-template.ts";

type Images = TemplateDraft["images"];

const PREFIX = "edgepass-draft-template-";
/** The names of all kept drafts, so that a sign-out can remove them. */
const NAMES = "edgepass-draft-templates";
/** The most characters of images that are kept. A browser gives a page about 5,000,000 in all. */
export const MAX_KEPT_IMAGES = 3_000_000;

/** "new", or the id of a stored template. */
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

/** Which images were kept last, and which of them could not be. */
export interface KeptImages {
  readonly images: Images;
  readonly lost: readonly string[];
}

/** Returned in place of the paths of images, if there is no space for the texts either. */
export const ALL_EDITS = "what you have edited";

/**
 * @param last what was kept last. The same images are not written again, because this is called while somebody types
 * @returns what cannot be kept. After a reload the slots of these images are as in the stored template
 */
export function keepDraft(
  store: TextStore,
  name: KeptName,
  kept: KeptDraft,
  last?: KeptImages,
): readonly string[] {
  const { images } = kept.draft;
  rememberName(store, name);
  const lost = last?.images === images ? last.lost : keepImages(store, name, images);
  if (keepTexts(store, name, kept, lost)) return lost;
  // The texts are worth more than the images.
  writeText(store, imagesName(name), "");
  const all = Object.keys(images).filter((path) => images[path]?.kind === "new");
  if (keepTexts(store, name, kept, all)) return all;
  // An older draft must not stay: it would undo what was edited since.
  forgetDraft(store, name);
  return [ALL_EDITS];
}

/** @param lost images. @returns whether there was space */
function keepTexts(
  store: TextStore,
  name: KeptName,
  { basis, draft }: KeptDraft,
  lost: readonly string[],
): boolean {
  const stems = new Set(lost.map(stemOf));
  const stored = [
    ...Object.entries(draft.images).filter(([, { kind }]) => kind === "stored"),
    ...Object.entries(basis?.draft.images ?? {}).filter(([path]) => stems.has(stemOf(path))),
  ];
  const text = writeJson({ basis, draft: { ...draft, images: Object.fromEntries(stored) } });
  return writeText(store, PREFIX + name, text);
}

export function forgetDraft(store: TextStore, name: KeptName): void {
  writeText(store, PREFIX + name, "");
  writeText(store, imagesName(name), "");
}

/** Deletes all drafts of templates, after a sign-out. */
export function forgetTemplateDrafts(store: TextStore): void {
  for (const name of namesIn(store)) forgetDraft(store, name);
  writeText(store, NAMES, "");
}

/** Keeps the images that are not sent yet. @returns those that cannot be kept */
function keepImages(store: TextStore, name: KeptName, images: Images): readonly string[] {
  const { dropped, left } = splitImages(images);
  if (writeText(store, imagesName(name), Object.keys(dropped).length === 0 ? "" : writeJson(dropped)))
    return left;
  writeText(store, imagesName(name), "");
  return [...left, ...Object.keys(dropped)];
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

/** The images that are not sent yet, as far as there is space. A slot is replaced as a whole, so all of its images are kept or none. */
function splitImages(images: Images) {
  const dropped: Record<string, { base64: string; width: number; height: number }> = {};
  const left: string[] = [];
  let characters = 0;
  for (const ofSlot of Map.groupBy(Object.entries(images), ([path]) => stemOf(path)).values()) {
    const added = ofSlot.flatMap(([path, image]) =>
      image.kind === "new" ? [{ path, image, base64: writeBase64(image.bytes) }] : [],
    );
    const size = added.reduce((sum, { base64 }) => sum + base64.length, 0);
    if (characters + size > MAX_KEPT_IMAGES) left.push(...added.map(({ path }) => path));
    else {
      characters += size;
      for (const { path, image, base64 } of added)
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
