/**
 * The styles of a pass: one of the five classic ones, posterGeneric (iOS 27), or posterGeneric with a classic one for
 * older phones. The values of a pass apply to both.
 *
 * Follows Apple's "Pass" and "Creating a poster generic pass".
 */
import { beforeAll, describe, expect, test } from "vitest";
import { type PassContent, renderPass } from "../../src/pkpass/build/render.ts";
import { schemaFindings } from "../../src/pkpass/lint/schema-findings.ts";
import { fieldKinds } from "../../src/pkpass/schema/field-kinds.ts";
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
  test("accepts each style alone, and posterGeneric with each classic one", () => {
    for (const style of STYLES) expect(schemaFindings(passOf(style), templatePass), style).toEqual([]);
    for (const style of CLASSIC_STYLES) {
      expect(schemaFindings(passOf("posterGeneric", style), templatePass), style).toEqual([]);
    }
  });

  test("rejects zero styles and any two classic styles, with and without posterGeneric", () => {
    expect(schemaFindings(passOf(), templatePass)).toMatchObject([
      { code: "style_count", pointer: "/pass/generic" },
    ]);
    for (const one of CLASSIC_STYLES) {
      for (const other of CLASSIC_STYLES.filter((style) => style > one)) {
        const refused = [{ severity: "error", code: "style_count", pointer: `/pass/${other}` }];
        expect(schemaFindings(passOf(one, other), templatePass)).toMatchObject(refused);
        expect(schemaFindings(passOf(one, other, "posterGeneric"), templatePass)).toMatchObject(refused);
      }
    }
  });

  test("rejects a style in a pass", () => {
    for (const style of STYLES) {
      const refused = [{ code: "reserved_key", pointer: `/pass/${style}` }];
      expect(schemaFindings({ [style]: contentsOf(style) }, passOverrides)).toMatchObject(refused);
    }
  });

  const field = { key: "a", value: "1" };
  test("accepts the same key in posterGeneric and in its fallback style", () => {
    const both = { ...named, generic: { backFields: [field] }, posterGeneric: { primaryFields: [field] } };
    expect(schemaFindings(both, templatePass)).toEqual([]);
    for (const style of ["generic", "posterGeneric"]) {
      for (const section of SECTIONS.filter((section) => section !== "headerFields")) {
        const twice = { ...both, [style]: { headerFields: [field], [section]: [field] } };
        expect(schemaFindings(twice, templatePass)).toMatchObject([
          { code: "duplicate_field_key", pointer: `/pass/${style}/${section}/0/key` },
        ]);
      }
    }
  });

  test("counts the fields of all styles together", () => {
    const fields = Array.from({ length: 51 }, (_, n) => ({ key: `k${n}` }));
    const both = { ...named, generic: { backFields: fields }, posterGeneric: { backFields: fields } };
    expect(schemaFindings(both, templatePass)).toMatchObject([
      { severity: "error", pointer: "/pass/generic" },
    ]);
  });
});

test("a field that is a date in one of the two styles accepts only dates", () => {
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
  without: [],
  event: undefined,
  barcodeMessage: null,
  barcodeAltText: null,
  barcodeText: null,
  voided: false,
};
const rendered = (template: TemplatePass, content: Partial<PassContent>): Record<string, unknown> =>
  JSON.parse(new TextDecoder().decode(renderPass(template, { ...CONTENT, ...content }, IDENTITY)));

describe("the renderer", () => {
  test("applies the values of a pass to every section of every style", () => {
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

  test("removes empty colours of any name", () => {
    const empty = { backgroundColor: "", labelColor: "", footerBackgroundColor: "", stripColor: "" };
    const pass = rendered({ ...named, posterGeneric: {}, ...empty }, {});
    expect(Object.keys(pass).filter((key) => key.endsWith("Color"))).toEqual([]);
  });

  test("takes the fields of upcoming events only from the template", () => {
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

  test("has no key of the template that the pass takes away", () => {
    const template = templatePass.parse({
      ...named,
      eventTicket: {},
      sellURL: "https://a.example/",
      stripColor: "#000000",
    });
    const without = ["sellURL"];
    expect(rendered(template, { without })).not.toHaveProperty("sellURL");
    expect(rendered(template, { without })).toHaveProperty("stripColor");
  });
});

describe("a poster with a generic pass as fallback", () => {
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

  test("is shown on the page with its footer fields, even without a fallback", async () => {
    const { id } = await admin.makeTemplate(PASS_TYPE, { pass: { ...poster, generic: undefined } });
    const issued = await admin.issue(id, { values: { name: "Ada", seat: "12" } });
    expect((await download(issued)).pass).not.toHaveProperty("generic");
    const page = await (await get(new URL(issued.landingUrl).pathname)).text();
    expect(page).toMatch(/>Ada<[\s\S]*>SEAT<[\s\S]*>12</);
  });
});
