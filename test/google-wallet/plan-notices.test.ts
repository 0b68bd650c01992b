/** The notices of a change within Google's limit of three notifications in 24 hours. */
import { expect, test } from "vitest";
import type { GoogleNotice } from "../../src/google/notices.ts";
import { planNotices } from "../../src/google-wallet/send-notices.ts";

const NOW = 1_800_000_000_000;
const HOUR = 3_600_000;
const resource = { id: "1.a", loyaltyPoints: { balance: { int: 4 } } };
const message = (field: string, header = field): GoogleNotice => ({
  ...{ field, kind: "message" },
  message: { header, body: `New ${field}` },
});
const member = (field: string): GoogleNotice => ({ ...message(field), kind: "member" });
const plan = (notices: readonly GoogleNotice[], notifiedAt: readonly number[] = []) =>
  planNotices(resource, notices, notifiedAt, "pass-3", NOW);
const notifying = { id: "pass-3", messageType: "TEXT_AND_NOTIFY" };

test("without notices nothing is added, and old times are forgotten", () => {
  const times = [NOW - 24 * HOUR, NOW - 23 * HOUR, NOW - HOUR];
  expect(plan([], times)).toEqual({ resource, messages: [], notifiedAt: times.slice(1) });
});

test("one field is one message, with the id of the change", () => {
  expect(plan([message("gate")])).toEqual({
    ...{ resource, notifiedAt: [NOW] },
    messages: [{ ...notifying, header: "gate", body: "New gate" }],
  });
});

test("four fields are one message with all texts, so that a change notifies once", () => {
  const { messages, notifiedAt } = plan(["a", "b", "c", "d"].map((field) => message(field)));
  expect(messages).toEqual([{ ...notifying, header: "a, b, c, d", body: "New a\nNew b\nNew c\nNew d" }]);
  expect(notifiedAt).toEqual([NOW]);
});

test("a language that one of the texts lacks has its untranslated text", () => {
  const translated: GoogleNotice = {
    ...message("gate"),
    message: {
      ...{ header: "Gate", body: "Gate B" },
      localizedBody: {
        defaultValue: { language: "en", value: "Gate B" },
        translatedValues: [{ language: "fr", value: "Porte B" }],
      },
    },
  };
  expect(plan([translated, { ...message("seat"), message: { body: "Seat 1" } }]).messages).toEqual([
    {
      ...notifying,
      header: "Gate",
      body: "Gate B\nSeat 1",
      localizedBody: {
        defaultValue: { language: "en", value: "Gate B\nSeat 1" },
        translatedValues: [{ language: "fr", value: "Porte B\nSeat 1" }],
      },
    },
  ]);
});

test("Google's own words go with the resource, and count", () => {
  expect(plan([member("points"), member("tier")], [NOW - HOUR])).toEqual({
    resource: { ...resource, notifyPreference: "NOTIFY_ON_UPDATE" },
    messages: [],
    notifiedAt: [NOW - HOUR, NOW],
  });
});

test("if one field needs a message, it has the texts of all, and Google says nothing of its own", () => {
  const { resource: sent, messages } = plan([member("points"), message("gate")]);
  expect(sent).toEqual(resource);
  expect(messages).toMatchObject([{ body: "New points\nNew gate" }]);
});

test("the fourth in 24 hours does not notify: a message is sent as TEXT, and Google's words are left out", () => {
  const times = [NOW - 23 * HOUR, NOW - 2 * HOUR, NOW - HOUR];
  expect(plan([message("gate")], times)).toMatchObject({
    messages: [{ id: "pass-3-silent", messageType: "TEXT" }],
    notifiedAt: times,
  });
  expect(plan([member("points")], times)).toEqual({ resource, messages: [], notifiedAt: times });
  const later = planNotices(resource, [message("gate")], times, "pass-4", NOW + HOUR);
  expect(later.messages).toMatchObject([{ messageType: "TEXT_AND_NOTIFY" }]);
  expect(later.notifiedAt).toEqual([...times.slice(1), NOW + HOUR]);
});

test("the times of a class, which are stored with the object too, count once", () => {
  const [ofClass, own] = [NOW - 3 * HOUR, NOW - HOUR];
  expect(plan([message("gate")], [ofClass, own, ofClass])).toMatchObject({
    messages: [{ messageType: "TEXT_AND_NOTIFY" }],
    notifiedAt: [ofClass, own, NOW],
  });
});
