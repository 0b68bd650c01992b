/**
 * Changes of templates: they are merged into what is stored, by RFC 7396, by field key and by slot of an image; the whole result is
 * linted; and two of them at the same time both count.
 *
 * Follows RFC 7396 (JSON Merge Patch), and Apple's "Pass" and "Creating the source for a pass".
 */
import { createExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, test } from "vitest";
import { templates } from "../../src/db/schema.ts";
import { createContext } from "../../src/http/context.ts";
import { writeJson } from "../../src/json.ts";
import type { TemplatePass } from "../../src/pkpass/schema/schema.ts";
import { changeTemplate, type TemplateChange } from "../../src/templates/change.ts";
import { showTemplate } from "../../src/templates/show.ts";
import { drawPng } from "../apple/png.ts";
import { counted, forwarding } from "../counting.ts";
import { admin, call, download, icon, ORIGIN, refused, storeCard } from "../harness.ts";
import { db, setRows, templateRow } from "../rows.ts";

const PASS_TYPE = "pass.test.template-changes";

beforeAll(async () => {
  await admin.makePassType(PASS_TYPE, undefined, "P-256");
});

const make = (more: Record<string, unknown> = {}) => admin.makeTemplate(PASS_TYPE, more);
const colour = (red: number, size = 10) => drawPng(size, size, () => [red, 0, 0, 255]).toBase64();

describe("a change", () => {
  const signUp = {
    description: "Collect points",
    requiredPersonalizationFields: ["PKPassPersonalizationFieldName"],
    termsAndConditions: "Terms",
  };

  test("is merged into pass, strings and personalization; null removes, and arrays replace whole", async () => {
    const made = await make({
      externalId: "merged",
      pass: {
        ...storeCard,
        logoText: "Old",
        userInfo: { a: { b: 1, c: [1, 2] } },
      },
      strings: { fr: { a: "b", c: "d" }, de: { a: "e" } },
      personalization: signUp,
    });
    const changed = await admin.changeTemplate(made.id, {
      name: "Other",
      pass: {
        logoText: null,
        description: "New",
        userInfo: { a: { b: null, c: [3] } },
        storeCard: { backFields: null },
      },
      strings: { fr: { a: null, x: "y" }, de: null, it: { a: "f" } },
      personalization: { termsAndConditions: null },
    });
    const { logoText: _text, ...rest } = made.pass;
    const { backFields: _fields, ...sections } = storeCard.storeCard;
    const pass = { ...rest, description: "New", userInfo: { a: { c: [3] } }, storeCard: sections };
    const { termsAndConditions: _terms, ...personalization } = signUp;
    const strings = { fr: { c: "d", x: "y" }, it: { a: "f" } };
    const { updatedAt } = changed;
    expect(changed).toEqual({
      ...made,
      name: "Other",
      pass,
      strings,
      personalization,
      revision: 2,
      updatedAt,
    });
    const bare = await admin.changeTemplate(made.id, {
      strings: null,
      personalization: null,
      externalId: null,
    });
    expect(bare).toMatchObject({ pass, strings: {}, personalization: null, externalId: null });
  });

  test("with only one of barcodes and barcode removes the other one", async () => {
    const QR = { format: "PKBarcodeFormatQR" };
    const { id } = await make({ pass: { ...storeCard, barcode: QR } });
    const keys = async (pass: object) => {
      const changed = await admin.changeTemplate(id, { pass });
      return Object.keys(changed.pass).filter((key) => key.startsWith("barcode"));
    };
    expect(await keys({ logoText: "Both stay" })).toEqual(["barcode", "barcodes"]);
    expect(await keys({ barcodes: [QR] })).toEqual(["barcodes"]);
    expect(await keys({ barcode: QR })).toEqual(["barcode"]);
    expect(await keys({ barcode: QR, barcodes: [QR] })).toEqual(["barcode", "barcodes"]);
    expect(await keys({ barcodes: null })).toEqual([]);
  });

  test("cannot have null in a new template", async () => {
    const body = { name: "x", passTypeIdentifier: PASS_TYPE, images: icon };
    for (const [part, pointer] of [
      [{ pass: { ...storeCard, logoText: null } }, "/pass/logoText"],
      [{ pass: { ...storeCard, userInfo: { a: [null], b: null } } }, "/pass/userInfo/b"],
      [{ pass: storeCard, personalization: { ...signUp, own: null } }, "/personalization/own"],
    ] as const)
      await refused(["POST", "/templates", { ...body, ...part }], {
        status: 422,
        code: "null_not_allowed",
        pointer,
      });
  });
});

describe("one field, by key,", () => {
  const level = { key: "level", label: "LEVEL", value: "1" };
  const both = {
    description: "Ticket",
    organizationName: "Edgepass",
    eventTicket: {
      primaryFields: [{ key: "show", value: "Show" }, level],
      backFields: [{ key: "until", dateStyle: "PKDateStyleShort" }],
    },
    posterGeneric: { headerFields: [level] },
  };

  test("is changed where it is, in each style that has it, after the change of pass", async () => {
    const { id } = await make({ pass: both });
    const pass = await admin.issue(id);
    const changed = await admin.changeTemplate(id, { values: { level: { label: "GATE", value: "7" } } });
    const gate = { ...level, label: "GATE", value: "7" };
    const { eventTicket, posterGeneric } = changed.pass;
    expect([eventTicket?.primaryFields?.[1], posterGeneric?.headerFields]).toEqual([gate, [gate]]);
    expect((await download(pass)).pass.eventTicket).toMatchObject({ primaryFields: [{ key: "show" }, gate] });
    const moved = await admin.changeTemplate(id, {
      pass: { eventTicket: { primaryFields: [{ key: "new", label: "NEW" }] } },
      values: { new: 12345678, level: { label: null, value: null } },
    });
    expect(moved.pass.eventTicket?.primaryFields).toEqual([{ key: "new", label: "NEW", value: 12345678 }]);
    expect(moved.pass.posterGeneric?.headerFields).toEqual([{ key: "level" }]);
    const removed = await admin.changeTemplate(id, { values: { level: null } });
    expect(removed.pass.posterGeneric?.headerFields).toEqual([]);
    expect((await call("POST", `/templates/${id}/passes`, { values: { level: "1" } })).body).toMatchObject({
      code: "unknown_field",
    });
  });

  test("is refused if there is none with this key, or if it would not be valid, and nothing is written", async () => {
    const { id } = await make({ pass: both });
    const path = `/templates/${id}`;
    const unknown = { status: 422, code: "unknown_field", pointer: "/values/levl" };
    const { detail } = await refused(
      ["PATCH", path, { name: "x", values: { levl: { label: "x" } } }],
      unknown,
    );
    expect(detail).toContain('Did you mean "level"?');
    const noStyle = {
      status: 422,
      code: "invalid_pass",
      pointer: "/pass/eventTicket/backFields/0/dateStyle",
    };
    await refused(["PATCH", path, { name: "x", values: { until: { dateStyle: "long" } } }], noStyle);
    for (const key of ["key", "hidden", "add"])
      await refused(["PATCH", path, { values: { level: { [key]: true } } }], {
        status: 400,
        code: "invalid_body",
        pointer: `/values/level/${key}`,
      });
    expect((await templateRow(id)).revision).toBe(1);
  });
});

describe("images", () => {
  test("are replaced by slot and folder with all densities, null removes a slot, and the others stay", async () => {
    const images = {
      "icon@3x.png": colour(1, 87),
      "logo@3x.png": colour(2, 30),
      "fr.lproj/logo.png": colour(3),
      "strip.png": colour(4),
    };
    const made = await make({ images });
    const changed = await admin.changeTemplate(made.id, {
      images: { "logo@2x.png": colour(5, 20), "strip@2x.png": null },
    });
    const { "icon.png": one, "icon@2x.png": two, "icon@3x.png": three, ...others } = changed.images;
    expect(made.images).toMatchObject({ "icon.png": one, "icon@2x.png": two, "icon@3x.png": three });
    expect(Object.keys(others)).toEqual(["fr.lproj/logo.png", "logo.png", "logo@2x.png"]);
    expect(others["logo.png"]).toMatchObject({ width: 10, derivedFrom: "logo@2x.png" });
    const { files } = await download(await admin.issue(made.id));
    expect(
      Object.keys(files)
        .filter((path) => path.endsWith(".png"))
        .toSorted(),
    ).toEqual(Object.keys(changed.images).toSorted());
    expect(files["fr.lproj/logo.png"]?.toBase64()).toBe(images["fr.lproj/logo.png"]);
  });

  test("of a template always have an icon, and a path must be one of Wallet's", async () => {
    const { id } = await make();
    const missing = { status: 422, code: "missing_icon", pointer: "/images" };
    await refused(["PATCH", `/templates/${id}`, { images: { "icon@2x.png": null } }], missing);
    await refused(["PATCH", `/templates/${id}`, { images: null }], missing);
    const invalid = { status: 422, code: "invalid_image", pointer: "/images/Logo.png" };
    await refused(["PATCH", `/templates/${id}`, { images: { "Logo.png": null } }], invalid);
    expect((await admin.changeTemplate(id, { images: {} })).revision).toBe(1);
  });

  test("that stay are not stored again", async () => {
    const { id } = await make({ images: { ...icon, "logo.png": colour(6) } });
    const counters = counted(env);
    const images = new Map([["strip.png", Uint8Array.fromBase64(colour(7))]]);
    await changeTemplate(contextWith(counters.env), id, { images });
    expect(counters.spent().puts).toBe(2); // the strip and the pack
  });
});

/** The context of direct calls, because the requests of one isolate wait for their turn. */
const contextWith = (bindings: Partial<typeof env> = {}) =>
  createContext(
    { env: { ...env, ...bindings }, executionCtx: createExecutionContext() },
    Date.now() + 60_000,
  );

describe("changes at the same time", () => {
  /** Changes the template while something else is written before each of the first batches. */
  async function changeWhile(
    id: number,
    interruptions: number,
    input: TemplateChange,
    demanded?: readonly number[],
  ) {
    let attempts = 0;
    const DB = forwarding(env.DB, {
      async batch(statements: D1PreparedStatement[]) {
        if (attempts++ < interruptions) await admin.changeTemplate(id, { name: `Name ${attempts}` });
        return env.DB.batch(statements);
      },
    });
    // Announcing is a batch too.
    const context = { ...contextWith({ DB }), announce: () => undefined };
    const changed = changeTemplate(context, id, input, demanded);
    const outcome = await changed.catch(({ code }: { code: string }) => code);
    return { attempts, outcome };
  }

  test("of different keys, of a field, of strings and of images all count", async () => {
    const { id } = await make();
    await Promise.all([
      changeTemplate(contextWith(), id, { pass: { logoText: "text" } }),
      changeTemplate(contextWith(), id, { values: { points: { label: "STAMPS" } } }),
    ]);
    await Promise.all([
      changeTemplate(contextWith(), id, { strings: { fr: { a: "b" } } }),
      changeTemplate(contextWith(), id, {
        images: new Map([["logo.png", Uint8Array.fromBase64(colour(8))]]),
      }),
    ]);
    const { body } = await call("GET", `/templates/${id}`);
    expect(body).toMatchObject({
      pass: { logoText: "text", storeCard: { primaryFields: [{ key: "points", label: "STAMPS" }] } },
      strings: { fr: { a: "b" } },
      images: { "logo.png": {} },
    });
  });

  test("are merged again, up to three attempts; with If-Match the first one is refused", async () => {
    const { id } = await make();
    const pass = { logoText: "New" };
    expect(await changeWhile(id, 2, { pass })).toMatchObject({
      attempts: 3,
      outcome: { template: { pass, name: "Name 2" } },
    });
    expect(await changeWhile(id, 9, { pass: { logoText: "Late" } })).toEqual({
      attempts: 3,
      outcome: "changed_meanwhile",
    });
    const { revision } = await templateRow(id);
    const late = { pass: { logoText: "Late" } };
    expect(await changeWhile(id, 1, late, [revision])).toEqual({
      attempts: 1,
      outcome: "precondition_failed",
    });
    expect((await call("GET", `/templates/${id}`)).body).toMatchObject({ pass });
  });
});

test("the whole result is linted: a new error is refused, and one that the template had before is not", async () => {
  const { id } = await make();
  // As an older version may have accepted it.
  const stored: TemplatePass = { ...(await showTemplate(db, ORIGIN, id)).pass, labelColor: "red" };
  await setRows(templates, { id }, { pass: writeJson(stored) });
  expect((await admin.changeTemplate(id, { strings: { fr: { a: "b" } } })).pass).toMatchObject({
    labelColor: "red",
  });
  await admin.changeTemplate(id, { values: { points: { label: "STAMPS" } } });
  const refusal = (pointer: string) => ({ status: 422, code: "invalid_pass", pointer });
  await refused(["PATCH", `/templates/${id}`, { pass: { labelColor: "blue" } }], refusal("/pass/labelColor"));
  const twice = { storeCard: { auxiliaryFields: [{ key: "points" }] } };
  await refused(
    ["PATCH", `/templates/${id}`, { pass: twice }],
    refusal("/pass/storeCard/auxiliaryFields/0/key"),
  );
  await refused(["PATCH", `/templates/${id}`, { pass: { storeCard: null } }], refusal("/pass/generic"));
  await admin.changeTemplate(id, {
    pass: { labelColor: "rgb(1, 2, 3)", userInfo: { a: "x".repeat(60_000) } },
  });
  const tooLarge = { status: 422, code: "content_too_large", pointer: "/pass" };
  await refused(["PATCH", `/templates/${id}`, { pass: { userInfo: { b: "x".repeat(60_000) } } }], tooLarge);
});
