/**
 * The draft of a template: what is sent of it, what is kept of it, and how steps are undone.
 */
import { describe, expect, test } from "vitest";
import type { StoredTemplate, TemplateDraft } from "../../../src/browser/dashboard/editor/draft.ts";
import {
  isChanged,
  newTemplateBody,
  patchBetween,
  rebase,
  sharpestImages,
  templateChangeOf,
} from "../../../src/browser/dashboard/editor/draft-change.ts";
import { beginEditing, editorAfter, isUnsaved } from "../../../src/browser/dashboard/editor/editor-state.ts";
import { readDraftText, textOfDraft } from "../../../src/browser/dashboard/editor/json-text.ts";
import {
  forgetTemplateDrafts,
  keepDraft,
  MAX_KEPT_IMAGES,
  readKeptDraft,
} from "../../../src/browser/dashboard/editor/kept-draft.ts";
import { parseStoredTemplate } from "../../../src/browser/dashboard/editor/template-answer.ts";
import { openTextStore, type TextStore } from "../../../src/browser/text-store.ts";
import { isObject, type JsonObject, parseJson, writeJson } from "../../../src/json.ts";
import { mergePatch } from "../../../src/merge.ts";

const EXACT = "12345678901234567890";
const TEMPLATE = `{"id": 7, "revision": 3, "joinUrl": null, "name": "Card", "passTypeIdentifier": "pass.com.example.card",
  "projectId": null, "externalId": null, "webService": "/", "barcodeText": null, "contact": "a@example.com",
  "createdAt": "2026-01-01T00:00:00.000Z", "updatedAt": "2026-01-01T00:00:00.000Z",
  "pass": {"description": "Card", "organizationName": "Corner", "logoText": "Corner", "userInfo": {"id": ${EXACT}, "old": 1},
    "barcodes": [{"format": "PKBarcodeFormatQR"}], "barcode": {"format": "PKBarcodeFormatQR"},
    "storeCard": {"primaryFields": [{"key": "stamps", "value": 0}], "backFields": [{"key": "id", "value": ${EXACT}}]}},
  "images": {"icon.png": {"sha256": "a", "bytes": 1, "width": 29, "height": 29, "derivedFrom": "icon@3x.png"},
    "icon@3x.png": {"sha256": "b", "bytes": 1, "width": 87, "height": 87},
    "logo.png": {"sha256": "c", "bytes": 1, "width": 50, "height": 50},
    "fr.lproj/logo.png": {"sha256": "d", "bytes": 1, "width": 50, "height": 50}},
  "strings": {"fr": {"Card": "Carte", "Stamps": "Tampons"}, "de": {"Card": "Karte"}},
  "personalization": {"description": "Join"}, "scan": {"action": "redeem"}, "join": null}`;

function storedTemplate(): StoredTemplate {
  const stored = parseStoredTemplate(parseJson(TEMPLATE));
  if (stored === undefined) throw new Error("the template was not understood");
  return stored;
}

const stored = storedTemplate();
const before = stored.draft;
const withPass = (pass: JsonObject): TemplateDraft => ({ ...before, pass });
const png = (size: number) =>
  ({ kind: "new", bytes: new Uint8Array(size).fill(7), width: 87, height: 87 }) as const;

/** Quota as of a browser. */
function storeOf(quota = 5_000_000): TextStore & { readonly texts: Map<string, string> } {
  const texts = new Map<string, string>();
  return {
    texts,
    getItem: (name) => texts.get(name) ?? null,
    removeItem: (name) => void texts.delete(name),
    setItem: (name, text) => {
      if (text.length > quota) throw new Error("QuotaExceededError");
      texts.set(name, text);
    },
  };
}

describe("the change of a stored template", () => {
  test("makes the draft of what is stored: added, changed and removed members, arrays and exact numbers", () => {
    const draft: TemplateDraft = {
      ...before,
      name: "Card 2",
      contact: null,
      pass: {
        description: "Card",
        organizationName: "Corner Roasters",
        userInfo: { id: JSON.rawJSON("98765432109876543210"), fresh: { deep: true } },
        barcodes: [{ format: "PKBarcodeFormatQR" }],
        barcode: { format: "PKBarcodeFormatQR" },
        storeCard: {
          primaryFields: [
            { key: "stamps", value: 0 },
            { key: "points", value: JSON.rawJSON(EXACT) },
          ],
          backFields: [{ key: "id", value: JSON.rawJSON(EXACT) }],
        },
      },
      strings: { fr: { Card: "Carte" }, es: { Card: "Tarjeta" } },
      personalization: null,
      scan: { action: "add", field: "stamps" },
      join: { slug: "card" },
    };
    const change = templateChangeOf(before, draft);
    expect(change).toMatchObject({
      name: "Card 2",
      contact: null,
      pass: { logoText: null, userInfo: { old: null } },
      strings: { de: null, fr: { Stamps: null } },
      personalization: null,
    });
    expect(change).not.toHaveProperty("externalId");
    expect(change.pass).not.toHaveProperty("barcodes");
    expect(change.pass).not.toHaveProperty(["storeCard", "backFields"]);
    for (const member of ["pass", "strings", "scan", "join"] as const)
      expect(sorted(mergePatch(before[member], change[member]))).toBe(sorted(draft[member]));
    expect(writeJson(change)).toContain("98765432109876543210");
  });

  test("is empty if nothing differs but the order of keys", () => {
    const { description, ...others } = before.pass;
    const draft = { ...withPass({ ...others, description }), images: { ...before.images } };
    expect(templateChangeOf(before, draft)).toEqual({});
    expect(isChanged(before, draft)).toBe(false);
    expect(patchBetween({ a: 1 }, { a: 1, b: null })).toBeUndefined();
  });

  test("sends barcode with barcodes, because one that is sent alone removes the other", () => {
    const barcodes = [{ format: "PKBarcodeFormatAztec" }];
    expect(templateChangeOf(before, withPass({ ...before.pass, barcodes })).pass).toEqual({
      barcodes,
      barcode: before.pass.barcode,
    });
    const { barcode: _, ...withoutOld } = before.pass;
    expect(templateChangeOf(before, withPass({ ...withoutOld, barcodes })).pass).toEqual({
      barcodes,
      barcode: null,
    });
  });

  test("has images by slot: a new one replaces the slot, and null removes it once", () => {
    const { "icon.png": _one, "icon@3x.png": _three, ...others } = before.images;
    expect(templateChangeOf(before, { ...before, images: others }).images).toEqual({ "icon.png": null });
    const { "logo.png": _logo, ...withoutLogo } = before.images;
    const images = { ...withoutLogo, "logo@3x.png": png(3) };
    expect(templateChangeOf(before, { ...before, images }).images).toEqual({ "logo@3x.png": "BwcH" });
  });
});

test("a new template leaves out what it does not have, and a check needs only the sharpest images", () => {
  const images = { "icon.png": { ...png(1), width: 29 }, "icon@3x.png": png(2) };
  const body = newTemplateBody({ ...before, contact: null, images });
  expect(Object.keys(body)).not.toContain("join");
  expect(Object.keys(body)).not.toContain("contact");
  expect(body.images).toEqual({ "icon.png": "Bw==", "icon@3x.png": "Bwc=" });
  expect(Object.keys(sharpestImages(images))).toEqual(["icon@3x.png"]);
});

test("own changes go on top of those of somebody else", () => {
  const mine = { ...withPass({ ...before.pass, logoText: "Mine" }), strings: { ...before.strings, es: {} } };
  const { "logo.png": _logo, ...images } = before.images;
  const theirs = {
    ...withPass({ ...before.pass, logoText: "Theirs", description: "Their card" }),
    name: "Their name",
    images: {
      ...before.images,
      "icon@3x.png": { kind: "stored", sha256: "e", width: 87, height: 87 } as const,
    },
  };
  const both = rebase(before, { ...mine, images }, theirs);
  expect(both).toMatchObject({ name: "Their name", pass: { logoText: "Mine", description: "Their card" } });
  expect(both.strings).toHaveProperty("es");
  expect(both.images).toHaveProperty(["icon@3x.png", "sha256"], "e");
  expect(both.images).not.toHaveProperty("logo.png");
});

describe("steps", () => {
  const typed = (text: string, now: number) => ({ kind: "edited", change: { name: text }, now }) as const;

  test("are undone word by word and redone", () => {
    const events = [typed("A", 1000), typed("AB", 1100), typed("ABC", 5000)];
    const state = events.reduce(editorAfter, beginEditing(stored, before));
    const once = editorAfter(state, { kind: "undone" });
    expect(once.draft.name).toBe("AB");
    const twice = editorAfter(once, { kind: "undone" });
    expect(twice.draft).toBe(before);
    expect(isUnsaved(twice)).toBe(false);
    expect(editorAfter(twice, { kind: "undone" })).toBe(twice);
    expect(editorAfter(once, { kind: "redone" }).draft.name).toBe("ABC");
  });

  test("of two places are two, however fast they follow each other", () => {
    const contact = { kind: "edited", change: { contact: "b@example.com" }, now: 1010 } as const;
    const state = [typed("A", 1000), contact].reduce(editorAfter, beginEditing(stored, before));
    expect(editorAfter(state, { kind: "undone" }).draft).toEqual({ ...before, name: "A" });
  });

  test("of what was typed while it was saved, nothing is lost", () => {
    const sent = editorAfter(beginEditing(stored, before), typed("Sent", 1000));
    const later = editorAfter(sent, { kind: "edited", change: { contact: "b@example.com" }, now: 2000 });
    const saved = { ...stored, revision: 4, draft: { ...before, name: "Sent" } };
    const state = editorAfter(later, { kind: "stored", stored: saved, sent: sent.draft });
    expect(templateChangeOf(saved.draft, state.draft)).toEqual({ contact: "b@example.com" });
    expect(state.isRebased).toBe(false);
  });
});

describe("a kept draft", () => {
  test("comes back with its exact numbers and new images, and ends with the sign-out", () => {
    const store = storeOf();
    const draft = { ...before, name: "Kept", images: { ...before.images, "logo.png": png(4) } };
    expect(keepDraft(store, "7", { basis: { revision: 3, draft: before }, draft })).toEqual([]);
    keepDraft(store, "new", { basis: null, draft });
    const kept = readKeptDraft(store, "7");
    expect(kept?.basis?.revision).toBe(3);
    expect(writeJson(kept?.draft.pass)).toBe(writeJson(before.pass));
    expect(kept?.draft.images).toEqual(draft.images);
    forgetTemplateDrafts(store);
    expect([...store.texts.keys()]).toEqual([]);
  });

  test("its images are written once, and not with each letter that is typed", () => {
    const store = storeOf();
    const images = { "logo.png": png(4) };
    keepDraft(store, "7", { basis: null, draft: { ...before, images } });
    const written = [...store.texts.keys()].filter((key) => key.endsWith("7-images"));
    for (const key of written) store.texts.set(key, "as before");
    keepDraft(store, "7", { basis: null, draft: { ...before, images, name: "Typed" } });
    expect(written.map((key) => store.texts.get(key))).toEqual(["as before"]);
    keepDraft(store, "7", { basis: null, draft: { ...before, images: { ...images } } });
    expect(written.map((key) => store.texts.get(key))).not.toEqual(["as before"]);
  });

  test("names the images that have no space, whose slots are then as they are stored", () => {
    const { "logo.png": _logo, ...others } = before.images;
    const draft = { ...before, images: { ...others, "logo@3x.png": png(MAX_KEPT_IMAGES) } };
    const basis = { revision: 3, draft: before };
    for (const store of [storeOf(), storeOf(3000)]) {
      expect(keepDraft(store, "7", { basis, draft })).toEqual(["logo@3x.png"]);
      expect(Object.keys(readKeptDraft(store, "7")?.draft.images ?? {}).sort()).toEqual(
        Object.keys(before.images).sort(),
      );
    }
  });

  test("of an older version of the page, or of a browser without storage, is not there", () => {
    const store = storeOf();
    store.setItem("edgepass-draft-template-7", '{"draft": {"name": 1}}');
    expect(readKeptDraft(store, "7")).toBeUndefined();
    const refused = openTextStore(() => {
      throw new Error("SecurityError");
    });
    expect(readKeptDraft(refused, "new")).toBeUndefined();
  });
});

describe("as JSON", () => {
  test("the draft is the same after both ways, without its images and pass type", () => {
    const text = textOfDraft(before);
    expect(text).toContain(EXACT);
    expect(text).not.toContain("passTypeIdentifier");
    const read = readDraftText(text);
    if ("fault" in read) throw new Error(read.fault);
    expect(templateChangeOf(before, { ...before, ...read.members })).toEqual({});
  });

  test.each([
    ['{"pass": {"a": 1,}}', "line 1, column 19"],
    ['{\n  "pass": tru }', "line 2, column 11"],
    ["[]", "must be one object"],
    ['{"pass": {}, "images": {}}', "no “images”"],
    ['{"pass": []}', "“pass” must be an object"],
    ['{"strings": {"fr": "Carte"}}', "“strings” must be"],
    ['{"scan": {"a": 1, "a": 2}}', "“scan → a” is there twice"],
  ])("%s is not taken: %s", (text, fault) => {
    const read = readDraftText(text);
    expect("fault" in read && read.fault).toContain(fault);
  });
});

/** Equal for objects whose keys have another order. */
function sorted(value: unknown): string {
  const order = (member: unknown): unknown => {
    if (Array.isArray(member)) return member.map(order);
    if (!isObject(member)) return member;
    return Object.fromEntries(
      Object.keys(member)
        .sort()
        .map((key) => [key, order(member[key])]),
    );
  };
  return writeJson(order(value));
}
