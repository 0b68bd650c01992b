/**
 * The styles of a pass: one of the five classic ones, posterGeneric (iOS 27), or posterGeneric with a classic one for
 * older phones. What a pass says of a field reaches both.
 *
 * Follows Apple's "Pass" and "Creating a poster generic pass".
 */
import { beforeAll, describe, expect, test } from "vitest";
import { type PassContent, renderPass } from "../../src/pkpass/build/render.ts";
import { fieldKinds } from "../../src/pkpass/fields.ts";
import { walk } from "../../src/pkpass/lint/walk.ts";
import {
  CLASSIC_STYLES,
  passOverrides,
  SECTIONS,
  STYLES,
  type TemplatePass,
  templatePass,
} from "../../src/pkpass/schema/schema.ts";
import { admin, download, get } from "../harness.ts";

const named = { description: "A pass", organizationName: "Edgepass" };
const contentsOf = (style: string) => (style === "boardingPass" ? { transitType: "PKTransitTypeAir" } : {});
const passOf = (...styles: string[]) => ({
  ...named,
  ...Object.fromEntries(styles.map((style) => [style, contentsOf(style)])),
});

describe("the schema", () => {
  test("takes each style alone, and posterGeneric beside each classic one", () => {
    for (const style of STYLES) expect(walk(passOf(style), templatePass), style).toEqual([]);
    for (const style of CLASSIC_STYLES) {
      expect(walk(passOf("posterGeneric", style), templatePass), style).toEqual([]);
    }
  });

  test("refuses no style, and every two classic ones, whether or not posterGeneric stands beside them", () => {
    expect(walk(passOf(), templatePass)).toMatchObject([{ code: "style_count", pointer: "/pass/generic" }]);
    for (const one of CLASSIC_STYLES) {
      for (const other of CLASSIC_STYLES.filter((style) => style > one)) {
        const refused = [{ severity: "error", code: "style_count", pointer: `/pass/${other}` }];
        expect(walk(passOf(one, other), templatePass)).toMatchObject(refused);
        expect(walk(passOf(one, other, "posterGeneric"), templatePass)).toMatchObject(refused);
      }
    }
  });

  test("lets no pass bring a style of its own", () => {
    for (const style of STYLES) {
      const refused = [{ code: "own_key", pointer: `/pass/${style}` }];
      expect(walk({ [style]: contentsOf(style) }, passOverrides)).toMatchObject(refused);
    }
  });

  const field = { key: "a", value: "1" };
  test("lets a key stand once in posterGeneric and once in the style behind it", () => {
    const both = { ...named, generic: { backFields: [field] }, posterGeneric: { primaryFields: [field] } };
    expect(walk(both, templatePass)).toEqual([]);
    for (const style of ["generic", "posterGeneric"]) {
      for (const section of SECTIONS.filter((section) => section !== "headerFields")) {
        const twice = { ...both, [style]: { headerFields: [field], [section]: [field] } };
        expect(walk(twice, templatePass)).toMatchObject([
          { code: "duplicate_key", pointer: `/pass/${style}/${section}/0/key` },
        ]);
      }
    }
  });

  test("counts the fields of all styles together", () => {
    const fields = Array.from({ length: 51 }, (_, n) => ({ key: `k${n}` }));
    const both = { ...named, generic: { backFields: fields }, posterGeneric: { backFields: fields } };
    expect(walk(both, templatePass)).toMatchObject([{ severity: "error", pointer: "/pass/generic" }]);
  });
});

test("a field that is text on the poster and a date behind it takes dates only, and so the other way round", () => {
  const text = { backFields: [{ key: "at" }, { key: "name" }] };
  const date = { backFields: [{ key: "at", dateStyle: "PKDateStyleShort" as const }] };
  const kinds = { at: "date", name: "text" };
  expect(fieldKinds({ ...named, generic: date, posterGeneric: text })).toEqual(kinds);
  expect(fieldKinds({ ...named, generic: text, posterGeneric: date })).toEqual(kinds);
});

const IDENTITY = {
  passTypeIdentifier: "pass.test.styles",
  teamIdentifier: "TEAM000001",
  serialNumber: "1",
  authenticationToken: "0123456789abcdef",
  webServiceURL: "https://a.example",
};
const CONTENT: PassContent = {
  values: {},
  overrides: {},
  event: undefined,
  barcodeMessage: null,
  barcodeAltText: null,
  redeemed: false,
};
const rendered = (template: TemplatePass, content: Partial<PassContent>): Record<string, unknown> =>
  JSON.parse(new TextDecoder().decode(renderPass(template, { ...CONTENT, ...content }, IDENTITY)));

describe("the renderer", () => {
  test("lays a pass's values over every section of every style that has the field", () => {
    for (const style of CLASSIC_STYLES) {
      for (const section of SECTIONS) {
        const fields = { [section]: [{ key: "a", label: style, value: "old" }] };
        const template = templatePass.parse({
          ...named,
          [style]: { ...contentsOf(style), ...fields },
          posterGeneric: fields,
        });
        const pass = rendered(template, { values: { a: { value: "new" } } });
        const shown = { [section]: [{ key: "a", label: style, value: "new" }] };
        expect(pass).toMatchObject({ [style]: shown, posterGeneric: shown });
      }
    }
  });

  test("leaves out an empty colour of any name", () => {
    const empty = { backgroundColor: "", labelColor: "", footerBackgroundColor: "", stripColor: "" };
    const pass = rendered({ ...named, posterGeneric: {}, ...empty }, {});
    expect(Object.keys(pass).filter((key) => key.endsWith("Color"))).toEqual([]);
  });

  test("takes the fields of upcoming events from the template alone", () => {
    const entry = { identifier: "a", name: "b", type: "event", backFields: [{ key: "a", value: "old" }] };
    const template = templatePass.parse({
      ...named,
      eventTicket: { backFields: [{ key: "a", value: "old" }] },
      upcomingPassInformation: [entry],
    });
    const pass = rendered(template, { values: { a: { value: "new" } } });
    expect(pass).toMatchObject({
      eventTicket: { backFields: [{ key: "a", value: "new" }] },
      upcomingPassInformation: [entry],
    });
  });

  test("takes a key of the template's layout away where the pass says null", () => {
    const template = templatePass.parse({
      ...named,
      eventTicket: {},
      sellURL: "https://a.example/",
      stripColor: "#000000",
    });
    const overrides = passOverrides.parse({ sellURL: null });
    expect(rendered(template, { overrides })).not.toHaveProperty("sellURL");
    expect(rendered(template, { overrides })).toHaveProperty("stripColor");
  });
});

describe("a poster with a generic pass behind it", () => {
  const PASS_TYPE = "pass.test.styles";
  const poster = {
    ...named,
    posterGeneric: {
      primaryFields: [{ key: "name", value: "Nobody" }],
      footerFields: [{ key: "seat", label: "SEAT", value: "-" }],
    },
    generic: { primaryFields: [{ key: "name", label: "NAME", value: "Nobody" }] },
  };
  beforeAll(() => admin.makePassType(PASS_TYPE));

  test("is issued, accepted by Wallet and shown", async () => {
    const { id } = await admin.makeTemplate(PASS_TYPE, { pass: poster });
    const issued = await admin.issue(id, { values: { name: "Ada", seat: "12" } });
    const { pass } = await download(issued);
    expect(pass).toMatchObject({
      posterGeneric: {
        primaryFields: [{ key: "name", value: "Ada" }],
        footerFields: [{ key: "seat", value: "12" }],
      },
      generic: { primaryFields: [{ key: "name", label: "NAME", value: "Ada" }] },
    });
    const page = await (await get(new URL(issued.landingUrl).pathname)).text();
    expect(page).toContain(">Ada<");
  });

  test("alone is shown on the page too, with its footer fields", async () => {
    const { id } = await admin.makeTemplate(PASS_TYPE, { pass: { ...poster, generic: undefined } });
    const issued = await admin.issue(id, { values: { name: "Ada", seat: "12" } });
    expect((await download(issued)).pass).not.toHaveProperty("generic");
    const page = await (await get(new URL(issued.landingUrl).pathname)).text();
    expect(page).toMatch(/>Ada<[\s\S]*>SEAT<[\s\S]*>12</);
  });
});
