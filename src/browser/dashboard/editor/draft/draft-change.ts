/**
 * What the API gets of a draft: the body of a new template, or the change of a stored one (RFC 7396, and images by slot, as in
 * src/templates/image-slots.ts). Pure.
 */
import { isObject, type JsonObject, memberOf, writeJson } from "../../../../json.ts";
import { stemOf } from "../../../../pkpass/images/names.ts";
import { writeBase64 } from "./base64.ts";
import type { DraftImage, Strings, TemplateDraft } from "./draft.ts";
import { mergeEdits } from "./merge-edits.ts";

type Images = TemplateDraft["images"];

const TEXTS = ["name", "externalId", "webService", "projectId", "barcodeText", "contact", "wallets"] as const;
const OBJECTS = ["pass", "strings", "personalization", "scan", "join", "google"] as const;
/** Members of `google` that are one value: in them, null means that Google's resource has no such member. */
const RAW = ["class", "object"] as const;
const BARCODES = ["barcodes", "barcode"] as const;

/**
 * The merge patch that makes `after` of `before`. Undefined: they are the same. A null in `after` is as if it were absent, because
 * a template has no null.
 */
export function patchBetween(before: unknown, after: unknown): unknown {
  if (!isObject(before) || !isObject(after)) return isSame(before, after) ? undefined : after;
  const patch = new Map<string, unknown>();
  for (const [key, value] of Object.entries(after)) {
    const change = patchBetween(memberOf(before, key) ?? null, value ?? null);
    if (change !== undefined) patch.set(key, change);
  }
  for (const key of Object.keys(before)) if (!Object.hasOwn(after, key)) patch.set(key, null);
  return patch.size === 0 ? undefined : Object.fromEntries(patch);
}

function isSame(one: unknown, other: unknown): boolean {
  return one === other || writeJson(one ?? null) === writeJson(other ?? null);
}

/** The body of PATCH: only what differs. An empty object if nothing does. */
export function templateChangeOf(stored: TemplateDraft, draft: TemplateDraft): JsonObject {
  const change = new Map<string, unknown>();
  for (const member of TEXTS) if (stored[member] !== draft[member]) change.set(member, draft[member]);
  for (const member of OBJECTS) {
    const patch =
      member === "google"
        ? googlePatch(stored.google, draft.google)
        : patchBetween(stored[member], draft[member]);
    if (patch !== undefined)
      change.set(member, member === "pass" ? withBothBarcodes(patch, draft.pass) : patch);
  }
  const images = imagesChangeOf(stored.images, draft.images);
  if (images !== undefined) change.set("images", images);
  return Object.fromEntries(change);
}

/** A change with one of `barcodes` and `barcode` removes the other, so a pass that has both sends both. */
function withBothBarcodes(patch: unknown, pass: JsonObject): unknown {
  if (!isObject(patch) || !BARCODES.some((key) => isPresent(patch[key]))) return patch;
  const kept = BARCODES.filter((key) => !Object.hasOwn(patch, key) && isPresent(pass[key]));
  return { ...patch, ...Object.fromEntries(kept.map((key) => [key, pass[key]])) };
}

const isPresent = (value: unknown) => value !== undefined && value !== null;

/** The same for `google`, whose raw members are replaced as a whole. */
function googlePatch(before: JsonObject | null, after: JsonObject | null): unknown {
  if (before === null || after === null) return isSame(before, after) ? undefined : after;
  const patch = patchBetween(withoutRaw(before), withoutRaw(after));
  const raw = RAW.filter((key) => !isSame(before[key], after[key])).map((key) => [key, after[key] ?? null]);
  if (raw.length === 0) return patch;
  return { ...(isObject(patch) ? patch : {}), ...Object.fromEntries(raw) };
}

function withoutRaw({ class: _class, object: _object, ...others }: JsonObject): JsonObject {
  return others;
}

/**
 * A dropped image replaces all densities of its slot; a slot without images is removed. An image that was sent already is in both
 * arguments. Undefined: no image was changed.
 */
function imagesChangeOf(stored: Images, draft: Images): JsonObject | undefined {
  const change = new Map<string, string | null>();
  for (const [path, image] of Object.entries(draft))
    if (image.kind === "new" && image !== stored[path]) change.set(path, writeBase64(image.bytes));
  const left = stemsOf(draft);
  for (const path of Object.keys(stored)) if (!left.has(stemOf(path))) change.set(path, null);
  // One path is enough for a slot.
  const removed = [...change].filter(([, image]) => image === null).map(([path]) => path);
  for (const path of removed)
    if (removed.some((other) => other < path && stemOf(other) === stemOf(path))) change.delete(path);
  return change.size === 0 ? undefined : Object.fromEntries(change);
}

const stemsOf = (images: Images) => new Set(Object.keys(images).map(stemOf));

export function isChanged(stored: TemplateDraft, draft: TemplateDraft): boolean {
  return stored !== draft && Object.keys(templateChangeOf(stored, draft)).length > 0;
}

/** The body of POST. */
export function newTemplateBody(draft: TemplateDraft, images: Images = draft.images): JsonObject {
  const { name, passTypeIdentifier, pass, strings, webService } = draft;
  const { projectId, externalId, barcodeText, contact, wallets } = draft;
  const { personalization, scan, join, google } = draft;
  const optional = {
    ...{ projectId, externalId, barcodeText, contact, wallets },
    ...{ personalization, scan, join, google },
  };
  const sent = Object.entries(images).flatMap(([path, image]) =>
    image.kind === "new" ? [[path, writeBase64(image.bytes)] as const] : [],
  );
  return {
    ...{ name, passTypeIdentifier, pass, strings, webService, images: Object.fromEntries(sent) },
    ...Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== null)),
  };
}

/** The sharpest image of each slot. The others can be made from it, so it is enough for a check. */
export function sharpestImages(images: Images): Images {
  const sharpest = new Map<string, readonly [string, DraftImage]>();
  for (const entry of Object.entries(images)) {
    const stem = stemOf(entry[0]);
    const known = sharpest.get(stem);
    if (known === undefined || known[1].width < entry[1].width) sharpest.set(stem, entry);
  }
  return Object.fromEntries(sharpest.values());
}

/** Applies my changes since `basis` to what somebody else has stored meanwhile. Where both changed the same value, mine counts. */
export function rebase(basis: TemplateDraft, mine: TemplateDraft, theirs: TemplateDraft): TemplateDraft {
  const own = <K extends keyof TemplateDraft>(member: K) =>
    basis[member] === mine[member] ? theirs[member] : mine[member];
  const merged = (member: (typeof OBJECTS)[number]): unknown =>
    mergeEdits(basis[member], mine[member], theirs[member]);
  const object = (member: "personalization" | "scan" | "join") => objectOrNull(merged(member));
  return {
    ...mine,
    name: own("name"),
    externalId: own("externalId"),
    webService: own("webService"),
    projectId: own("projectId"),
    barcodeText: own("barcodeText"),
    contact: own("contact"),
    wallets: own("wallets"),
    pass: objectOrNull(merged("pass")) ?? mine.pass,
    strings: toStrings(merged("strings")) ?? mine.strings,
    personalization: object("personalization"),
    scan: object("scan"),
    join: object("join"),
    google: mergedGoogle(basis.google, mine.google, theirs.google),
    images: rebaseImages(basis.images, mine.images, theirs.images),
  };
}

function mergedGoogle(basis: unknown, mine: unknown, theirs: unknown): JsonObject | null {
  const merged = mergeEdits(basis, mine, theirs);
  if (!isObject(mine) || !isObject(theirs)) return objectOrNull(merged);
  const raw = RAW.flatMap((key) => {
    const value = isSame(memberOf(basis, key), mine[key]) ? theirs[key] : mine[key];
    return value === undefined ? [] : [[key, value] as const];
  });
  return { ...(isObject(merged) ? withoutRaw(merged) : {}), ...Object.fromEntries(raw) };
}

function rebaseImages(basis: Images, mine: Images, theirs: Images): Images {
  const changed = new Set(Object.keys(imagesChangeOf(basis, mine) ?? {}).map(stemOf));
  const ofStem = (images: Images, isOwn: boolean) =>
    Object.entries(images).filter(([path]) => changed.has(stemOf(path)) === isOwn);
  return Object.fromEntries([...ofStem(theirs, false), ...ofStem(mine, true)]);
}

const objectOrNull = (value: unknown): JsonObject | null => (isObject(value) ? value : null);

/** @returns undefined if it is not language → text → text */
export function toStrings(value: unknown): Strings | undefined {
  if (!isObject(value)) return undefined;
  const languages: [string, Record<string, string>][] = [];
  for (const [language, texts] of Object.entries(value)) {
    if (!isObject(texts)) return undefined;
    const pairs: [string, string][] = [];
    for (const [text, translation] of Object.entries(texts)) {
      if (typeof translation !== "string") return undefined;
      pairs.push([text, translation]);
    }
    languages.push([language, Object.fromEntries(pairs)]);
  }
  return Object.fromEntries(languages);
}
