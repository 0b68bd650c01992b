/**
 * The draft of a template: what is sent of it, what is kept of it, and how steps are undone.
 */
import { describe, expect, test } from "vitest";
import type { StoredTemplate, TemplateDraft } from "../../../src/browser/dashboard/editor/draft/draft.ts";
import {
  isChanged,
  newTemplateBody,
  patchBetween,
  rebase,
  sharpestImages,
  templateChangeOf,
} from "../../../src/browser/dashboard/editor/draft/draft-change.ts";
import {
  beginEditing,
  editorAfter,
  isUnsaved,
} from "../../../src/browser/dashboard/editor/draft/editor-state.ts";
import {
  forgetTemplateDrafts,
  keepDraft,
  MAX_KEPT_IMAGES,
  readKeptDraft,
} from "../../../src/browser/dashboard/editor/draft/kept-draft.ts";
import { parseStoredTemplate } from "../../../src/browser/dashboard/editor/draft/stored-template.ts";
import { readDraftText, textOfDraft } from "../../../src/browser/dashboard/editor/panels/json-text.ts";
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
  test("turns the stored template into the draft: added, changed and removed members, arrays and exact numbers", () => {
    const draft: TemplateDraft = {
      ...before,
      name: "Card 2",
      contact: null,
      wallets: "google",
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
      wallets: "google",
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

  test("at two places are two steps, however fast they follow each other", () => {
    const contact = { kind: "edited", change: { contact: "b@example.com" }, now: 1010 } as const;
    const state = [typed("A", 1000), contact].reduce(editorAfter, beginEditing(stored, before));
    expect(editorAfter(state, { kind: "undone" }).draft).toEqual({ ...before, name: "A" });
  });

  test("that were discarded can be undone", () => {
    const edited = editorAfter(beginEditing(stored, before), typed("A", 1000));
    const discarded = editorAfter(edited, { kind: "discarded" });
    expect(discarded.draft).toBe(before);
    expect(isUnsaved(discarded)).toBe(false);
    expect(editorAfter(discarded, { kind: "undone" }).draft.name).toBe("A");
    expect(editorAfter(beginEditing(stored, before), { kind: "discarded" }).past).toEqual([]);
  });

  test("that were typed while the draft was saved are not lost", () => {
    const sent = editorAfter(beginEditing(stored, before), typed("Sent", 1000));
    const later = editorAfter(sent, { kind: "edited", change: { contact: "b@example.com" }, now: 2000 });
    const saved = { ...stored, revision: 4, draft: { ...before, name: "Sent" } };
    const state = editorAfter(later, { kind: "stored", stored: saved, sent: sent.draft });
    expect(templateChangeOf(saved.draft, state.draft)).toEqual({ contact: "b@example.com" });
    expect(state.isRebased).toBe(false);
  });
});

describe("changes on top of what somebody else has stored", () => {
  const field = (key: string, more: JsonObject = {}) => ({ key, value: key, ...more });
  const withFields = (...fields: JsonObject[]) => withPass({ generic: { primaryFields: fields } });
  const fieldsOf = ({ pass }: TemplateDraft) => pass.generic;

  test("merge with theirs field by field, and take none of theirs back", () => {
    const basis = withFields(field("a"), field("b"), field("c"), field("d"));
    const mine = withFields(field("a", { label: "Mine" }), field("new"), field("b"), field("d"));
    const theirs = withFields(
      field("b", { value: "theirs" }),
      field("a", { value: "1" }),
      field("c"),
      field("e"),
    );
    expect(fieldsOf(rebase(basis, mine, theirs))).toEqual({
      primaryFields: [
        field("b", { value: "theirs" }),
        field("a", { value: "1", label: "Mine" }),
        field("new"),
        field("e"),
      ],
    });
  });

  test("keep my order of fields, and a field that I edited and they removed", () => {
    const basis = withFields(field("a"), field("b"), field("c"));
    const mine = withFields(field("c"), field("a", { label: "Mine" }), field("b"));
    const theirs = withFields(field("b"), field("x"), field("c", { label: "Theirs" }));
    expect(fieldsOf(rebase(basis, mine, theirs))).toEqual({
      primaryFields: [field("c", { label: "Theirs" }), field("a", { label: "Mine" }), field("b"), field("x")],
    });
  });

  test("replace a whole list if its items have no keys of their own", () => {
    const [basis, mine, theirs] = [["a"], ["a", "b"], ["a", "c"]].map((list) => withPass({ list }));
    if (basis === undefined || mine === undefined || theirs === undefined) throw new Error("three lists");
    expect(rebase(basis, mine, theirs).pass).toEqual({ list: ["a", "b"] });
    const twice = withFields(field("a"), field("a", { label: "Mine" }));
    expect(rebase(withFields(field("a")), twice, withFields(field("b")))).toEqual(twice);
  });

  test("are not mentioned if they are stored already, such as by a save whose answer was lost", () => {
    const mine = editorAfter(beginEditing(stored, before), {
      ...{ kind: "edited", change: { name: "Mine" }, now: 1000 },
    } as const);
    const saved = { ...stored, revision: 4, draft: { ...before, name: "Mine" } };
    const state = editorAfter(mine, { kind: "stored", stored: saved });
    expect(isUnsaved(state)).toBe(false);
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

  test("keeps all new images of a slot or none, because a slot is replaced as a whole", () => {
    const { "icon.png": _one, "icon@3x.png": _three, ...others } = before.images;
    const added = { "icon@2x.png": png(4), "icon@3x.png": png(MAX_KEPT_IMAGES), "logo.png": png(5) };
    const draft = { ...before, images: { ...others, ...added } };
    const store = storeOf();
    const lost = keepDraft(store, "7", { basis: { revision: 3, draft: before }, draft });
    expect(lost).toEqual(["icon@2x.png", "icon@3x.png"]);
    const images = readKeptDraft(store, "7")?.draft.images;
    expect(images).toEqual({ ...before.images, "logo.png": added["logo.png"] });
  });

  test("writes its images again only if they were changed", () => {
    const store = storeOf();
    const draft = { ...before, images: { ...before.images, "logo.png": png(4) } };
    const basis = { revision: 3, draft: before };
    const last = { images: draft.images, lost: keepDraft(store, "7", { basis, draft }) };
    const written: string[] = [];
    const spied = { ...store, setItem: (name: string) => void written.push(name) };
    keepDraft(spied, "7", { basis, draft: { ...draft, name: "Typed" } }, last);
    expect(written).toEqual(["edgepass-draft-template-7"]);
    expect(readKeptDraft(store, "7")?.draft.images).toEqual(draft.images);
  });

  test("that has no space at all is reported as lost, and no older draft comes back in its place", () => {
    const store = storeOf(3000);
    const keep = (description: string, images = before.images) =>
      keepDraft(store, "7", {
        basis: { revision: 3, draft: before },
        draft: { ...before, images, pass: { description } },
      });
    expect(keep("older")).toEqual([]);
    expect(keep("x".repeat(3000), { ...before.images, "logo.png": png(4) })).toEqual([
      "what you have edited",
    ]);
    expect(readKeptDraft(store, "7")).toBeUndefined();
    expect(keep("short again")).toEqual([]);
    expect(readKeptDraft(store, "7")?.draft.pass).toEqual({ description: "short again" });
  });

  test("is ignored if an older version of the page stored it, and missing in a browser without storage", () => {
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
    ['{"pass": {"a": 1,}}', "line 1, column 18"],
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
