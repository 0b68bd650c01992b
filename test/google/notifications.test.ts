/** What a change shows in Google Wallet, as the answers of changes say it. */
import { expect, test } from "vitest";
import type { GoogleNotice } from "../../src/google/notices.ts";
import { type GoogleFacts, googleNotificationsOf } from "../../src/google/notifications.ts";
import { type Notification, type SilentReason, silent } from "../../src/pkpass/notifications.ts";

const text = (field: string): Notification => ({ kind: "text", field, text: `New ${field}` });
const notice = (field: string, kind: GoogleNotice["kind"] = "message"): GoogleNotice => ({
  ...{ field, kind },
  message: { body: `New ${field}` },
});
const SHOWN: GoogleFacts = { isSaved: true, isChanged: true, isActive: true, isDayFull: false };
const shortly = (
  apple: readonly Notification[],
  notices: readonly GoogleNotice[],
  facts: Partial<GoogleFacts> = {},
) =>
  googleNotificationsOf(apple, notices, { ...SHOWN, ...facts }).map((item) => {
    if (item.kind === "silent") return [item.reason, item.field].join(" ").trim();
    return item.kind === "text" ? item.text : `google_words ${item.fields.join()}`;
  });
const whole = (reason: SilentReason) => [silent(reason, "of iPhones")];

test("a message has its text, and a member that Google notifies of has Google's words, unless one message has all", () => {
  expect(shortly([text("gate")], [notice("gate")])).toEqual(["New gate"]);
  const [points, gate] = [notice("points", "member"), notice("gate")];
  expect(shortly([text("points")], [points])).toEqual(["google_words points"]);
  expect(shortly([text("points"), text("gate")], [points, gate])).toEqual(["New points", "New gate"]);
});

test("if nobody has saved it, what it would show follows", () => {
  expect(shortly([text("gate")], [notice("gate")], { isSaved: false })).toEqual([
    ...["not_in_google_wallet", "New gate"],
  ]);
});

test("beyond three notifications a text is only on the pass, and Google's words are left out", () => {
  const full = { isDayFull: true };
  expect(shortly([text("gate")], [notice("gate")], full)).toEqual(["daily_limit", "New gate"]);
  expect(shortly([text("points")], [notice("points", "member")], full)).toEqual(["daily_limit"]);
  expect(shortly(whole("no_field_changed"), [], full)).toEqual(["no_field_changed"]);
});

test("what only Apple shows is no change here, and what only Google shows has no text", () => {
  expect(shortly(whole("no_field_changed"), [], { isChanged: false })).toEqual(["nothing_changed"]);
  expect(shortly(whole("only_images_changed"), [])).toEqual(["only_images_changed"]);
  expect(shortly(whole("nothing_changed"), [])).toEqual(["no_field_changed"]);
  expect(shortly(whole("no_pass"), [], { isSaved: false, isChanged: false })).toEqual(["no_pass"]);
});

test("a pass that is not active, and fields without a text, say why", () => {
  expect(shortly([text("gate")], [], { isActive: false })).toEqual(["not_active"]);
  const unsaid = silent("no_change_message", "of iPhones", "level");
  expect(shortly([text("gate"), text("seat"), unsaid], [notice("seat")])).toEqual([
    ...["New seat", "no_change_message level", "no_message gate"],
  ]);
});
