/**
 * The states of the scanner that pictures are made of: each answer, and each page.
 */
import { countsOf } from "../../../src/browser/scanner/log/rows.ts";
import type { KeptScan } from "../../../src/browser/scanner/scan.ts";
import { firstState, type ScannerState } from "../../../src/browser/scanner/state.ts";
import { answered, NOW, SAMPLES, ticket } from "./samples.ts";

const running = { kind: "running", cameraId: "1", cameras: [{ id: "1", label: "" }], torch: "off" } as const;
const me = {
  actor: "key:3 Gate 2",
  role: "scanner",
  name: "Gate 2",
  expiresAt: new Date(2026, 5, 13, 18).toISOString(),
  scope: {},
  resources: {
    projects: [],
    events: [{ id: 1, name: "Berlin", date: "2026-06-12T20:00+02:00" }],
    templates: [],
  },
};
const counts = countsOf(
  new Map([
    ["redeemed", 41],
    ["voided", 1],
    ["already_redeemed", 2],
    ["waiting", 2],
  ]),
);
const scans = Object.entries(SAMPLES).map(
  ([name, scan], index): KeptScan => ({ ...scan, scanId: name, at: NOW - index * 150_000 }),
);
const pick = (...names: string[]) => scans.filter(({ scanId }) => names.includes(scanId));
const scanning: ScannerState = {
  ...firstState(NOW),
  session: { key: "epkey_example", place: "Gate 2" },
  isStarted: true,
  key: { kind: "known", me },
  camera: running,
  last: SAMPLES.redeemed ?? null,
  log: { recent: scans, conflicts: [], counts },
};
const offline = {
  isOnline: false,
  sender: {
    waiting: 3,
    clockError: 0,
    trouble: { kind: "unreachable", reason: "network", retryAfterMs: null },
  },
} as const;
const failures = ["denied", "none", "busy", "insecure", "unsupported", "no_decoder"] as const;
const conflicts = pick("already-redeemed", "conflict", "unknown", "refused").map(
  (scan): KeptScan => ({ ...scan, shown: "unchecked" }),
);

/** Long texts, and texts from right to left. */
const texts = {
  long: answered("redeemed", {
    pass: {
      ...ticket,
      templateName: "Jahreshauptversammlung der Donaudampfschifffahrtsgesellschaft",
      fields: Array.from({ length: 12 }, (_, index) => ({
        section: "secondary",
        key: `${index}`,
        label: index === 0 ? "Name der Teilnehmerin oder des Teilnehmers" : `Feld ${index + 1}`,
        value:
          index % 3 === 0 ? "Maximiliane Freifrau von Hohenstein-Wartenberg zu Löwenstein" : `R ${index}`,
      })),
    },
  }),
  "long-reason": answered("voided", {
    pass: {
      ...ticket,
      status: "voided",
      voidReason:
        "The payment was taken back by the bank on 3 June, and the holder was informed by e-mail. Ask the holder to go to the box office at the main entrance, where a new ticket can be bought until the doors close.",
    },
  }),
  "right-to-left": answered("redeemed", {
    pass: {
      ...ticket,
      templateName: "حفل الصيف",
      fields: [
        { section: "primary", key: "name", label: "الاسم", value: "ليلى عبد الرحمن" },
        { section: "secondary", key: "seat", label: "المقعد", value: "ج 14" },
        { section: "secondary", key: "gate", label: "البوابة", value: "الشمالية" },
      ],
    },
  }),
};
const longPlace = "North entrance of the main building, next to the red food trucks";

export const SCREENS: Readonly<Record<string, ScannerState>> = {
  ...Object.fromEntries(
    Object.entries(SAMPLES).map(([name, scan]) => [`answer-${name}`, { ...scanning, answer: scan }]),
  ),
  ...Object.fromEntries(
    Object.entries(texts).map(([name, scan]) => [`answer-${name}`, { ...scanning, answer: scan }]),
  ),
  "sign-in": firstState(NOW),
  "sign-in-scans-wait": { ...firstState(NOW), sender: { ...offline.sender, trouble: null } },
  start: { ...scanning, isStarted: false },
  "start-with-a-readers-key": {
    ...scanning,
    isStarted: false,
    key: { kind: "refused", code: "forbidden_role" },
  },
  scan: scanning,
  "scan-first": { ...scanning, last: null },
  "scan-checking": { ...scanning, isChecking: true },
  "scan-typing": { ...scanning, isTyping: true },
  "scan-long-place": {
    ...scanning,
    session: { key: "epkey_example", place: longPlace },
    last: { ...texts["long-reason"], place: longPlace },
  },
  "scan-nothing-is-kept": { ...scanning, storage: "unavailable", isKeyKept: false },
  "scan-offline": { ...scanning, ...offline, last: SAMPLES.unchecked ?? null },
  "scan-offline-note-read": { ...scanning, ...offline, isNoteRead: true },
  "scan-conflicts": { ...scanning, log: { ...scanning.log, conflicts } },
  "scan-key-expired": {
    ...scanning,
    key: { kind: "refused", code: "key_expired" },
    sender: { waiting: 12, clockError: 0, trouble: null },
  },
  ...Object.fromEntries(
    failures.map((kind) => [`scan-camera-${kind.replace("_", "-")}`, { ...scanning, camera: { kind } }]),
  ),
  recent: { ...scanning, view: "recent" },
  "recent-empty": { ...scanning, view: "recent", log: { ...scanning.log, recent: [] } },
  conflicts: { ...scanning, view: "conflicts", log: { ...scanning.log, conflicts } },
  settings: { ...scanning, view: "settings", storage: "may_be_deleted" },
  "settings-forget": {
    ...scanning,
    view: "settings",
    forgetAsked: 3,
  },
};
