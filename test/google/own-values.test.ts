/**
 * What belongs to template or event is in the class, and only what the pass itself sets is in the object.
 */
import { expect, test } from "vitest";
import { renderClass } from "../../src/google/render.ts";
import type { TemplatePass } from "../../src/pkpass/schema/schema.ts";
import { render, sourceOf } from "./sources.ts";

const card: TemplatePass = {
  description: "Card",
  organizationName: "Acme",
  backgroundColor: "rgb(1, 2, 3)",
  locations: [{ latitude: 1, longitude: 2 }],
  storeCard: {
    primaryFields: [{ key: "points", label: "POINTS", value: 0 }],
    secondaryFields: [
      { key: "level", label: "LEVEL", value: "Regular" },
      { key: "name", label: "NAME" },
    ],
    backFields: [{ key: "site", label: "Site", value: "https://acme.example/" }],
  },
};

const modulesOf = (resource: Readonly<Record<string, unknown>>) =>
  (resource.textModulesData ?? []) as { id: string; header?: string; body?: string }[];
const bodiesOf = (resource: Readonly<Record<string, unknown>>) =>
  Object.fromEntries(modulesOf(resource).map(({ id, body }) => [id, body]));
const paths = (resource: Readonly<Record<string, unknown>>) =>
  [...JSON.stringify(resource.classTemplateInfo).matchAll(/"fieldPath":"([^"]+)"/g)].map(([, path]) => path);

test("issuing a pass changes nothing in the class", () => {
  const plain = render(card).class;
  const other = render(card, {
    pass: { values: { level: { value: "Gold" } }, overrides: { logoText: "Own" }, barcodeMessage: "1" },
    status: "redeemed",
  }).class;
  expect(other).toEqual(plain);
});

test("values of template and event are in the class, and a change of them changes no object", () => {
  const before = render(card, { pass: { values: { name: { value: "Ana" } } } });
  const after = render(
    { ...card, storeCard: { ...card.storeCard, secondaryFields: [{ key: "level", value: "Silver" }] } },
    { event: { values: { points: { value: 3 } } } },
  );
  expect(bodiesOf(before.class)).toEqual({ points: "0", level: "Regular" });
  expect(bodiesOf(after.class)).toEqual({ points: "3", level: "Silver" });
  expect(bodiesOf(before.object)).toEqual({ name: "Ana" });
  expect(bodiesOf(after.object)).toEqual({});
});

test("a value that the pass sets is in the object, also if it is that of the template", () => {
  const { object } = render(card, { pass: { values: { level: { value: "Regular" } } } });
  expect(modulesOf(object)).toEqual([{ id: "level", header: "LEVEL", body: "Regular" }]);
});

test("the layout names the object's module first, and the class's if it has one", () => {
  expect(paths(render(card).class).slice(0, 5)).toEqual([
    "object.textModulesData['points']",
    "class.textModulesData['points']",
    "object.textModulesData['level']",
    "class.textModulesData['level']",
    "object.textModulesData['name']",
  ]);
});

test("a field that the pass hides or empties does not show the value of the class", () => {
  const hidden = render(card, { pass: { values: { level: { hidden: true }, name: { hidden: true } } } });
  expect(modulesOf(hidden.object)).toEqual([{ id: "level", header: "LEVEL", body: "–" }]);
  const emptied = render(card, { pass: { values: { level: { value: "" } } } });
  expect(modulesOf(emptied.object)).toEqual([{ id: "level", header: "LEVEL", body: "–" }]);
});

test("a field that the event hides is not in the class, and a pass can show it on the details page", () => {
  const { class: shared, object } = render(card, {
    event: { values: { level: { hidden: true } } },
    pass: { values: { level: { hidden: false } } },
  });
  expect(bodiesOf(shared)).toEqual({ points: "0" });
  expect(bodiesOf(object)).toEqual({ level: "Regular" });
  expect(paths(shared)).toContain("object.textModulesData['level']");
});

test("a link that the pass sets is in the object, and the list of details names both", () => {
  const { class: shared, object } = render(card, {
    pass: {
      values: { site: { value: "https://acme.example/me" } },
      overrides: { bagPolicyURL: "https://a.example/b" },
    },
  });
  expect(shared.linksModuleData).toEqual({
    uris: [{ id: "site", uri: "https://acme.example/", description: "Site" }],
  });
  expect(object.linksModuleData).toEqual({
    uris: [
      { id: "site", uri: "https://acme.example/me", description: "Site" },
      { id: "bagPolicyURL", uri: "https://a.example/b", description: "Bag policy" },
    ],
  });
  expect(paths(shared)).toContain("object.linksModuleData.uris['site']");
  expect(paths(shared)).toContain("class.linksModuleData.uris['site']");
});

test("a text in place of a link is shown as a text", () => {
  const { object, class: shared } = render(card, { pass: { values: { site: { value: "None" } } } });
  expect(bodiesOf(object)).toEqual({ site: "None" });
  expect(paths(shared)).toContain("object.textModulesData['site']");
});

test("places, colour and button are in the object only if the pass sets them", () => {
  expect(render(card).object).not.toHaveProperty("merchantLocations");
  const event: TemplatePass = { ...card, storeCard: undefined, eventTicket: { ...card.storeCard } };
  const { object, class: shared } = render(event, {
    pass: {
      overrides: {
        backgroundColor: "#ff0000",
        locations: [{ latitude: 3, longitude: 4 }],
        appLaunchURL: "https://acme.example/app",
      },
    },
  });
  expect(shared).toMatchObject({
    hexBackgroundColor: "#010203",
    merchantLocations: [{ latitude: 1, longitude: 2 }],
  });
  expect(object).toMatchObject({
    hexBackgroundColor: "#ff0000",
    merchantLocations: [{ latitude: 3, longitude: 4 }],
  });
  expect(object).toHaveProperty(
    "appLinkData.webAppLinkInfo.appTarget.targetUri.uri",
    "https://acme.example/app",
  );
});

test("a loyalty object has no colour, because its type has it in the class only", () => {
  const { object } = render(card, { pass: { overrides: { backgroundColor: "#ff0000" } } });
  expect(object).not.toHaveProperty("hexBackgroundColor");
});

test("a title that the pass replaces is on the details page", () => {
  const ticket: TemplatePass = {
    ...{ description: "Ticket", organizationName: "Acme" },
    eventTicket: { primaryFields: [{ key: "artist", label: "TONIGHT", value: "The Lanterns" }] },
  };
  const { class: shared, object } = render(ticket, { pass: { values: { artist: { value: "Support" } } } });
  expect(shared).toHaveProperty("eventName.defaultValue.value", "The Lanterns");
  expect(bodiesOf(shared)).toEqual({});
  expect(paths(shared)).toEqual(["object.textModulesData['artist']"]);
  expect(bodiesOf(object)).toEqual({ artist: "Support" });
});

test("ids of modules have no dots, two keys never have one, and class and object agree on them", () => {
  const template: TemplatePass = {
    ...{ description: "Card", organizationName: "Acme" },
    storeCard: {
      secondaryFields: [
        { key: "a.b", value: "1" },
        { key: "a b", value: "2" },
        { key: "constructor", value: "3" },
      ],
    },
  };
  const { class: shared, object } = render(template, {
    event: { values: { "a.b": { hidden: true } } },
    pass: { values: { "a b": { value: "4" } } },
  });
  expect(bodiesOf(shared)).toEqual({ a_b_2: "2", constructor: "3" });
  expect(bodiesOf(object)).toEqual({ a_b_2: "4" });
});

test("ids have only the characters that Google allows, and the type, because a resource never changes it", () => {
  const source = { ...sourceOf(card), classKey: "staging/t1 é" };
  expect(renderClass(source).id).toBe("3388000000012345678.staging-t1---loyalty");
  expect(renderClass({ ...source, google: { type: "giftCard" } }).id).toMatch(/-giftCard$/);
});

test.each([
  ["active", "ACTIVE"],
  ["redeemed", "COMPLETED"],
  ["expired", "EXPIRED"],
  ["voided", "INACTIVE"],
  ["deleted", "INACTIVE"],
] as const)("a pass that is %s is %s", (status, state) => {
  expect(render(card, { status }).object).toHaveProperty("state", state);
});

test("a pass that its content voids is inactive", () => {
  expect(render({ ...card, voided: true }).object).toHaveProperty("state", "INACTIVE");
});

test("a pass's own hero image is in its object", () => {
  const { object, class: shared } = render(card, {
    own: ["google/hero.png"],
    images: ["icon.png", "strip.png"],
  });
  expect(object).toHaveProperty("heroImage.sourceUri.uri", "https://edgepass.example/g/google-hero-png.png");
  expect(shared).toHaveProperty("heroImage.sourceUri.uri", "https://edgepass.example/g/strip-png.png");
});
