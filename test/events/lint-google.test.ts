/**
 * The answers to changes of an event have the findings for Google Wallet, for the template of its newest pass, and only if Google
 * Wallet is used.
 */
import { beforeAll, describe, expect, test } from "vitest";
import type { Event } from "../../src/events/events.ts";
import { makeIssuer } from "../google-wallet/accounts.ts";
import { admin, call } from "../harness.ts";
import { concert } from "../pkpass/samples/events.ts";
import { flight } from "../pkpass/samples/flight.ts";

const PASS_TYPE = "pass.test.lint-google";
const { semantics: _, ...withoutTags } = concert.pass;
const VENUE = { pass: { semantics: { venueName: "Town hall" } } };

interface Answer extends Event {
  readonly lint: { readonly findings: readonly { code: string; pointer: string; message: string }[] };
}
type Change = (event: Event, body: object) => Promise<Answer>;

beforeAll(async () => {
  await admin.makePassType(PASS_TYPE, undefined, "P-256");
});

const patch =
  (query: string): Change =>
  async ({ projectId, id }, body) => {
    const answer = await call<Answer>("PATCH", `/projects/${projectId}/events/${id}${query}`, body);
    expect(answer.status).toBe(200);
    return answer.body;
  };
const change = patch("");
const found = ({ lint }: Answer) => lint.findings.map(({ code, pointer }) => `${code} at ${pointer}`);

async function eventWithPass(pass: object, google?: object) {
  const event = await admin.makeEvent();
  const { id } = await admin.makeTemplate(PASS_TYPE, { name: "Ticket", pass, ...(google && { google }) });
  await admin.issue(id, { eventId: event.id });
  return event;
}

test("without an issuer, only a template with a google part has findings in the answer of its event", async () => {
  expect(found(await change(await eventWithPass(withoutTags), VENUE))).toEqual([]);
  const event = await eventWithPass(withoutTags, { language: "de" });
  expect(found(await change(event, VENUE))).toEqual(["google_venue_without_address at "]);
});

describe("with an issuer", () => {
  beforeAll(() => makeIssuer());

  test.each([
    ["a change", change],
    ["a dry run", patch("?dryRun=true")],
  ])(
    "%s reports what the event causes, with the name of the template, and not what the template has",
    async (_, send) => {
      const { lint } = await send(await eventWithPass(withoutTags), VENUE);
      expect(lint.findings).toEqual([
        expect.objectContaining({
          code: "google_venue_without_address",
          pointer: "",
          message: expect.stringMatching(/^With the template "Ticket": Google shows a venue only/),
        }),
      ]);
    },
  );

  test("data that Google requires is missing until the event adds it", async () => {
    const semantics = {
      airlineCode: "NY",
      flightNumber: 482,
      originalDepartureDate: "2027-05-22T11:05+02:00",
    };
    const event = await eventWithPass(flight.pass);
    const before = await change(event, { name: "Flight" });
    expect(found(before)).toEqual(["google_data_missing at /pass/semantics/airlineCode"]);
    expect(before.lint.findings[0]?.message).not.toContain("may add it");
    expect(found(await change(event, { pass: { semantics } }))).toEqual([]);
  });

  test("a barcode of the event that Google cannot draw is a finding in the event", async () => {
    const barcodes = [{ format: "PKBarcodeFormatI2of5", message: "123456", messageEncoding: "iso-8859-1" }];
    const event = await eventWithPass(withoutTags);
    expect(found(await change(event, { pass: { barcodes } }))).toContain(
      "google_barcode_unsupported at /pass/barcodes",
    );
  });

  test("an event without passes has none, and a repeated request has the same as the first", async () => {
    expect(found(await change(await admin.makeEvent(), VENUE))).toEqual([]);
    const event = await eventWithPass(withoutTags);
    const send = () =>
      call<Answer>("PATCH", `/projects/${event.projectId}/events/${event.id}`, VENUE, {
        "Idempotency-Key": `lint-google-${event.id}`,
      });
    const [first, second] = [await send(), await send()];
    expect(second.body.lint).toEqual(first.body.lint);
    expect(found(second.body)).toEqual(["google_venue_without_address at "]);
  });
});
