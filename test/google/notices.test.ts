/** What holders of Google Wallet are notified of when a class or an object changes. */
import { describe, expect, test } from "vitest";
import { type NoticeTexts, noticesOfClass, noticesOfObject } from "../../src/google/notices.ts";
import type { PassSource } from "../../src/google/render.ts";
import type { TemplatePass } from "../../src/pkpass/schema/schema.ts";
import { semanticFlight } from "../pkpass/samples/flight.ts";
import { type Asked, sourceOf } from "./sources.ts";

const card: TemplatePass = {
  description: "Card",
  organizationName: "Acme",
  storeCard: {
    headerFields: [{ key: "points", label: "Points", value: 3, changeMessage: "You have %@ points" }],
    secondaryFields: [
      { key: "gate", label: "Gate", value: "A", changeMessage: "Go to gate %@" },
      { key: "level", label: "Level", value: "Gold" },
    ],
    backFields: [{ key: "news", value: "", changeMessage: "There is news" }],
  },
};
/** Of the generic type: it has no members of which Google notifies. */
const generic: Asked = { google: { type: "generic" } };
const loyalty: Asked = { images: ["icon.png", "logo.png"] };

type Values = Readonly<Record<string, { readonly [part: string]: unknown }>>;
const values = (given: Values) => given as PassSource["content"]["values"];
const event = (given: Values): Asked => ({ ...generic, event: { values: values(given) } });
const passOf = (given: Values, more: Partial<PassSource> = {}): PassSource => ({
  ...{ objectKey: "p7", serialNumber: "SN-1", status: "active" },
  content: {
    ...{ values: values(given), overrides: {}, without: [] },
    ...{ barcodeMessage: null, barcodeAltText: null, barcodeText: null },
  },
  ...more,
});

/** The notices of a class that changes from one to the other. */
const ofClass = (before: Asked, after: Asked, from = card, to = from) =>
  noticesOfClass(sourceOf(to, after), noticesOfClass(sourceOf(from, before), undefined).texts).notices;
/** The same of an object whose template and event stay the same. */
function ofObject(before: PassSource, after: PassSource, asked: Asked = generic, template = card) {
  const source = sourceOf(template, asked);
  const shared = noticesOfClass(source, undefined).texts;
  return noticesOfObject(source, after, noticesOfObject(source, before, undefined, shared).texts, shared)
    .notices;
}

describe("a class", () => {
  test("tells the new value of a field of the template or the event, as the card shows it, under its label", () => {
    expect(ofClass(generic, event({ gate: { value: "B" } }))).toEqual([
      { field: "gate", kind: "message", message: { header: "Gate", body: "Go to gate B" } },
    ]);
    const priced = (value: number): TemplatePass => ({
      ...card,
      storeCard: { backFields: [{ key: "due", value, currencyCode: "EUR", changeMessage: "%@ are due" }] },
    });
    expect(ofClass(generic, generic, priced(5), priced(7.5))[0]?.message).toEqual({ body: "€7.50 are due" });
  });

  test("tells it in all languages of the template", () => {
    const strings = { fr: { "Go to gate %@": "Porte %@", Gate: "Porte" }, de: { Gate: "Gate" } };
    const [notice] = ofClass(generic, { ...event({ gate: { value: "B" } }), strings });
    const texts = (en: string, fr: string) => ({
      defaultValue: { language: "en", value: en },
      translatedValues: [{ language: "fr", value: fr }],
    });
    expect(notice?.message).toEqual({
      ...{ header: "Gate", localizedHeader: texts("Gate", "Porte") },
      ...{ body: "Go to gate B", localizedBody: texts("Go to gate B", "Porte B") },
    });
  });

  test("a changeMessage without %@ is sent as it is", () => {
    expect(ofClass(generic, event({ news: { value: "Free coffee" } }))).toMatchObject([
      { field: "news", message: { body: "There is news" } },
    ]);
  });

  test("a field without a changeMessage, the same value, and another label or style are no notices", () => {
    expect(ofClass(generic, event({ level: { value: "Silver" } }))).toEqual([]);
    expect(ofClass(generic, event({ gate: { value: "A", label: "Entrance" } }))).toEqual([]);
    const silent: TemplatePass = { ...card, storeCard: { secondaryFields: [{ key: "gate", value: "A" }] } };
    expect(
      ofClass(generic, generic, silent, card).map(({ field }) => field),
      "only new fields",
    ).toEqual(["points"]);
  });

  test("a value that is hidden or emptied is no notice", () => {
    expect(ofClass(generic, event({ gate: { value: "" } }))).toEqual([]);
    expect(ofClass(generic, event({ gate: { hidden: true, value: "B" } }))).toEqual([]);
  });

  test("a class that was never sent, and one whose texts were never recorded, have no notices", () => {
    const source = sourceOf(card, event({ gate: { value: "B" } }));
    expect(noticesOfClass(source, undefined).notices).toEqual([]);
    expect(noticesOfClass(source, {}).notices).toEqual([]);
  });
});

describe("an object", () => {
  test("tells a value that the pass gets, against what template and event said until then", () => {
    expect(ofObject(passOf({}), passOf({ gate: { value: "B" } }))).toMatchObject([
      { field: "gate", kind: "message", message: { header: "Gate", body: "Go to gate B" } },
    ]);
    expect(ofObject(passOf({}), passOf({ gate: { value: "A" } })), "it shows the same").toEqual([]);
    const said = event({ gate: { value: "E" } });
    expect(ofObject(passOf({}), passOf({ gate: { value: "E" } }), said)).toEqual([]);
    expect(ofObject(passOf({}), passOf({ gate: { value: "A" } }), said)).toHaveLength(1);
  });

  test("tells what the pass shows again when its own value is removed", () => {
    expect(ofObject(passOf({ gate: { value: "B" } }), passOf({}))).toMatchObject([
      { message: { body: "Go to gate A" } },
    ]);
  });

  test("a value of template or event is a notice of the class only", () => {
    const [before, after] = [sourceOf(card, generic), sourceOf(card, event({ gate: { value: "E" } }))];
    const pass = passOf({ points: { value: 4 } });
    const recorded = noticesOfObject(before, pass, undefined, noticesOfClass(before, undefined).texts).texts;
    expect(noticesOfObject(after, pass, recorded, noticesOfClass(after, undefined).texts).notices).toEqual(
      [],
    );
  });

  test("another label, or a hidden or emptied value, is no notice", () => {
    for (const given of [{ label: "Entrance" }, { hidden: true, value: "B" }, { value: "" }])
      expect(ofObject(passOf({}), passOf({ gate: given }))).toEqual([]);
  });

  test("a pass that is not active has none, and has none of what changed meanwhile when it is active again", () => {
    for (const status of ["redeemed", "expired", "voided", "deleted"] as const)
      expect(ofObject(passOf({}), passOf({ gate: { value: "B" } }, { status }))).toEqual([]);
    const voided = passOf({ gate: { value: "B" } });
    const byItself = { ...voided, content: { ...voided.content, overrides: { voided: true } } };
    expect(ofObject(passOf({}), byItself)).toEqual([]);
    expect(ofObject(byItself, voided)).toEqual([]);
  });

  test("an object that was never sent or recorded has none, nor a value whose earlier one nobody knows", () => {
    const source = sourceOf(card, generic);
    const pass = passOf({ gate: { value: "B" } });
    const shared = noticesOfClass(source, undefined).texts;
    expect(noticesOfObject(source, pass, undefined, shared).notices).toEqual([]);
    expect(noticesOfObject(source, pass, {}, shared).notices).toEqual([]);
    const recorded: NoticeTexts = noticesOfObject(source, passOf({}), undefined, shared).texts;
    expect(noticesOfObject(source, pass, recorded, {}).notices).toEqual([]);
    expect(noticesOfObject(source, pass, recorded, shared).notices).toHaveLength(1);
  });

  test("keys that every JavaScript object has are fields like others", () => {
    const odd: TemplatePass = {
      ...card,
      storeCard: { backFields: [{ key: "constructor", value: "1", changeMessage: "%@" }] },
    };
    expect(ofObject(passOf({}), passOf({}), generic, odd)).toEqual([]);
    expect(ofObject(passOf({}), passOf({ constructor: { value: "2" } }), generic, odd)).toHaveLength(1);
  });
});

describe("Google's own words", () => {
  const kinds = (notices: readonly { field: string; kind: string }[]) =>
    notices.map(({ field, kind }) => `${field} ${kind}`);

  test("loyalty: the points, and no other field", () => {
    const changed = passOf({ points: { value: 4 }, gate: { value: "B" } });
    expect(kinds(ofObject(passOf({}), changed, loyalty))).toEqual(["points member", "gate message"]);
    const hinted: Asked = { ...loyalty, google: { hints: { points: "gate" } } };
    expect(kinds(ofObject(passOf({}), changed, hinted))).toEqual(["points message", "gate member"]);
  });

  test("points that the template or an event sets are a message: the class does not have them", () => {
    const after = { ...loyalty, event: { values: values({ points: { value: 9 } }) } };
    expect(kinds(ofClass(loyalty, after))).toEqual(["points message"]);
  });

  const ticket: TemplatePass = {
    description: "Ticket",
    organizationName: "Acme",
    eventTicket: {
      primaryFields: [{ key: "name", value: "Concert", changeMessage: "Now: %@" }],
      secondaryFields: [
        { key: "seat", value: "1", changeMessage: "Your seat is %@" },
        { key: "row", value: "A", changeMessage: "Your row is %@" },
      ],
    },
  };
  const hints: Asked = { google: { hints: { seat: "seat", row: "row" } } };

  test("event ticket: the name of the event and the seat, but not the row", () => {
    const renamed = { ...hints, event: { values: values({ name: { value: "Opera" } }) } };
    expect(kinds(ofClass(hints, renamed, ticket))).toEqual(["name member"]);
    const seated = passOf({ seat: { value: "2" }, row: { value: "B" } });
    expect(kinds(ofObject(passOf({}), seated, hints, ticket))).toEqual(["seat member", "row message"]);
    expect(kinds(ofObject(passOf({}), seated, {}, ticket)), "without a hint").toEqual([
      "seat message",
      "row message",
    ]);
  });

  test("flight: the seat, but not the gate, of which Google notifies only shortly before the departure", () => {
    const { seats: _seats, departureGate: _gate, ...semantics } = semanticFlight.pass.semantics ?? {};
    const pass = { ...semanticFlight.pass, semantics };
    const asked: Asked = { google: { hints: { seat: "seat", gate: "gate" } } };
    const moved = passOf({ seat: { value: "2B" } });
    expect(kinds(ofObject(passOf({}), moved, asked, pass))).toEqual(["seat member"]);
    const gate = { ...asked, event: { values: values({ gate: { value: "B2" } }) } };
    expect(kinds(ofClass(asked, gate, pass))).toEqual(["gate message"]);
  });

  test("offer, gift card and generic: never", () => {
    for (const type of ["offer", "giftCard", "generic"] as const) {
      const asked: Asked = { ...loyalty, google: { type } };
      expect(kinds(ofObject(passOf({}), passOf({ points: { value: 4 } }), asked))).toEqual([
        "points message",
      ]);
    }
  });
});
