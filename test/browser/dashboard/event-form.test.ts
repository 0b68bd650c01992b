/**
 * The form of an event: which fields it offers, and what is sent of what was typed.
 */
import { expect, test } from "vitest";
import {
  parseChangeableTemplates,
  parseEvent,
} from "../../../src/browser/dashboard/change/change-answers.ts";
import {
  eventChangeBody,
  eventFields,
  eventSummary,
  shownEventFields,
} from "../../../src/browser/dashboard/change/event-form.ts";

const templates =
  parseChangeableTemplates({
    items: [
      { id: 1, revision: 1, pass: { eventTicket: { headerFields: [{ key: "gate", label: "Gate" }] } } },
      {
        id: 2,
        revision: 1,
        pass: {
          storeCard: {
            primaryFields: [
              { key: "gate", label: "Entrance" },
              { key: "start", label: "Start", timeStyle: "PKDateStyleShort" },
            ],
          },
        },
      },
    ],
    nextCursor: null,
  })?.items ?? [];
const event = parseEvent({
  ...{ id: 4, projectId: 1, name: "Opening night", externalId: "E-1", revision: 3 },
  values: { gate: { value: "B" }, row: { value: 7 }, label: { label: "only a label" } },
  pass: { voided: true, expirationDate: "2026-12-24T18:30:00Z" },
});
if (event === undefined) throw new Error("not understood");
const fields = eventFields(event, templates);
const change = (typed: Record<string, string>) => eventChangeBody(event, fields, typed);

test("the form offers the fields of all templates once, and those that the event has a value for", () => {
  expect(fields.map(({ key, name, kind }) => [key, name, kind])).toEqual([
    ["gate", "Gate", "text"],
    ["start", "Start", "date"],
    ["row", "row", "number"],
    ["label", "label", "text"],
  ]);
});

test("the form shows the fields with a value, and those that were chosen", () => {
  expect(shownEventFields(fields, {}).map(({ key }) => key)).toEqual(["gate", "row"]);
  expect(shownEventFields(fields, { "value:start": "" }).map(({ key }) => key)).toEqual([
    "gate",
    "start",
    "row",
  ]);
  expect(eventSummary(event)).toEqual(["gate: B", "row: 7"]);
});

test("only what differs is sent, and what was emptied is removed", () => {
  expect(change({ "value:gate": "B", name: "Opening night", voided: "voided" })).toEqual({
    body: {},
    fault: null,
  });
  expect(
    change({ "value:gate": "C", "value:start": "", externalId: "", expirationDate: "", voided: "" }),
  ).toEqual({
    body: {
      externalId: null,
      values: { gate: { value: "C" } },
      pass: { expirationDate: null, voided: null },
    },
    fault: null,
  });
  expect(change({ "value:row": "" }).body).toEqual({ values: { row: { value: null } } });
});

test("a text that is not a number or a date is reported at its field", () => {
  expect(change({ "value:row": "seven" }).fault).toMatchObject({ pointer: "/values/row" });
  expect(change({ expirationDate: "soon" }).fault).toMatchObject({ pointer: "/pass/expirationDate" });
});
