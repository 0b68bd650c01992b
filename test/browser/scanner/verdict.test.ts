/**
 * What a scan means for the person at the gate: colour, sign and words.
 */
import { expect, test } from "vitest";
import { OUTCOMES } from "../../../src/browser/outcomes.ts";
import { verdictOf } from "../../../src/browser/scanner/verdict.ts";
import { answered, card, keptScan, NOW, SAMPLES } from "./samples.ts";

const shown = (name: string) => {
  const { tone, sign, title, detail } = verdictOf(SAMPLES[name] ?? keptScan(), NOW);
  return `${tone} ${sign} | ${title} | ${detail}`;
};

test("each answer has its colour, sign and words", () => {
  expect(Object.fromEntries(Object.keys(SAMPLES).map((name) => [name, shown(name)]))).toEqual({
    redeemed: "go tick | Valid | Marked as used.",
    shown: "go tick | Valid | It can be used again.",
    added: "go tick | 7 of 10 | Added: Stamps.",
    "added-without-limit": "go tick | Added | Stamps: 120",
    rewarded: "go tick | Reward | Give: A free coffee. Stamps: 0 now.",
    "full-card": "ask question | Full card | Give the reward? A free coffee",
    "limit-reached": "stop cross | Full | Stamps: 10 of 10. This scan changed nothing.",
    "used-up": "stop cross | Used up | Stamps: 0. This scan changed nothing.",
    "no-reward": "stop cross | No reward | Stamps: 7 of 10. Only a full card has a reward.",
    "too-soon": "stop cross | Too soon | This pass was scanned a short time ago. It counts again at 20:20.",
    "already-redeemed": "stop cross | Already used | At 14:03 at Gate 1.",
    "already-redeemed-another-day": "stop cross | Already used | On 11 June, 13:42 at Gate 2.",
    conflict:
      "stop cross | Already used | At 14:03 at Gate 1. This phone scanned it earlier, but sent the scan later. Two people may have used this pass.",
    voided: "stop cross | Voided | The ticket was refunded.",
    expired: "stop cross | Expired | Since 10 June, 17:42.",
    unknown:
      "stop cross | Unknown | No pass has this code, or it is not for this entrance. Ask for the right pass.",
    "shared-code":
      "stop cross | Shared code | Many passes have this code. Read what is written on the pass, and decide.",
    several:
      "stop cross | Not clear | More than one pass has this code, so none was marked as used. Read what is written on the pass, and decide.",
    "value-not-a-number":
      "stop cross | Not counted | Stamps (gold) is not a number, so nothing was added. Tell the person who runs the passes.",
    "scan-id-reused":
      "stop cross | Scan again | This scan may have counted with the key that this phone had before. Scan the pass again to see it.",
    "not-understood":
      "stop cross | Not clear | This page does not understand the answer of the server. Reload this page. Then scan the pass again.",
    unchecked: "unchecked clock | Not checked | Recorded on this phone, and checked later.",
    "seen-before":
      "stop cross | Seen before | This phone scanned this code before. The server cannot be reached now.",
    refused:
      "stop cross | Not recorded | The server refused the scan: scans.0.code is too long. Tell the person who runs the passes.",
    "not-stored":
      "stop cross | Not recorded | This phone could not store the scan, and no answer came. Scan the pass again.",
    undone: "stop undone | Undone | The pass is as it was before this scan.",
    "undo-waits": "unchecked clock | Undo waits | It will be undone as soon as the server can be reached.",
    "not-undone": "go tick | Valid | Not undone. The pass was changed after the scan.",
    withdrawn: "stop undone | Undone | The pass is as it was before this scan.",
  });
});

test("every outcome has an answer, also without the facts that explain it", () => {
  for (const outcome of OUTCOMES) {
    const { title, detail } = verdictOf(answered(outcome, { pass: null }), NOW);
    expect(title.split(" ").length, title).toBeLessThanOrEqual(2);
    expect(`${title} ${detail}`).not.toMatch(/undefined|null|NaN|: ?\.|\( ?\)| {2}/);
  }
});

test("the redemption of another scan of this phone is named as such", () => {
  const scan = answered("already_redeemed", {
    firstRedemption: { at: new Date(NOW).toISOString(), place: null },
  });
  const own = { ...scan, state: { ...scan.state, redeemedBy: "another" } } as typeof scan;
  expect(verdictOf(own, NOW).detail).toBe("At 19:42 by this phone.");
});

test("a code that this phone has seen before says when, if that is known", () => {
  const earlier = keptScan({ at: NOW - 60_000 });
  expect(verdictOf(keptScan({ shown: "seen_before" }), NOW, earlier).detail).toBe(
    "This phone scanned this code at 19:41. The server cannot be reached now.",
  );
});

test("a full card without a label asks for the reward, and its pass is shown", () => {
  const { detail, actions, pass } = verdictOf(
    answered("limit_reached", { field: "stamps", value: 10, max: 10, reward: { resetTo: 0 }, pass: card }),
    NOW,
  );
  expect(detail).toBe("Give the reward?");
  expect(actions).toEqual(["reward", "no_reward"]);
  expect(pass?.fields.map(({ label }) => label)).toEqual(["Stamps", "Name"]);
});

test("a scan that waits for another key says so, instead of a network that is missing", () => {
  const { tone, title, detail } = verdictOf(keptScan(), NOW, undefined, "key_revoked");
  expect([tone, title, detail]).toEqual([
    "unchecked",
    "Not checked",
    "The key was revoked. Recorded on this phone, and sent with the next key.",
  ]);
  expect(verdictOf(answered("voided"), NOW, undefined, "key_revoked")).toEqual(
    verdictOf(answered("voided"), NOW),
  );
});

test("undo is offered until the time that the server says, by the server's clock", () => {
  const scan = answered("redeemed", { undoUntil: new Date(NOW + 60_000).toISOString() });
  expect(verdictOf(scan, NOW + 59_000).actions).toEqual(["undo"]);
  expect(verdictOf(scan, NOW + 60_000).actions).toEqual([]);
  expect(verdictOf({ ...scan, clockError: 60_000 }, NOW).actions).toEqual([]);
  expect(verdictOf(keptScan(), NOW).actions).toEqual(["check_again", "undo"]);
});
