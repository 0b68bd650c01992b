/**
 * The texts of the page around the answers: headings, labels, buttons and notes. Those of the answers are in words.ts, and
 * what does not work in trouble-words.ts.
 */
import type { KeptScan } from "./scan.ts";

const count = (number: number, one: string, many: string) => `${number} ${number === 1 ? one : many}`;

export const SIGN_IN = {
  title: "Scanner",
  intro: "This page turns a phone into a scanner for passes.",
  steps: [
    "Ask the person who runs the passes for your QR code.",
    "Open it with the camera of this phone, or read it here.",
    "Press Start.",
  ],
  readHere: "Read the QR code here",
  orType: "Or type the key",
  key: "Key",
  keyHint: "It begins with epkey_",
  submit: "Sign in",
  newKey: "Enter another key",
  another: "Open its QR code with the camera of this phone, or type it here.",
  wrongFormat: "This is not a key. A key begins with epkey_ and has no spaces.",
} as const;

export const START = {
  title: "Where are you?",
  place: "Place",
  placeHint: "Such as Gate 2. It is recorded with each scan. It may be empty.",
  submit: "Start",
  cameraNote: "The browser asks whether this page may use the camera: allow it.",
  scans: "This key scans",
} as const;

export const SCAN = {
  title: "Scan",
  camera: "Camera",
  hint: "Hold the code in the frame",
  starting: "The camera is starting …",
  checking: "Checking …",
  noPlace: "No place",
  changePlace: "Change the place",
  light: "Light",
  type: "Type",
  list: "List",
  settings: "Settings",
  menu: "Scanner",
  retry: "Try again",
  code: "Code",
  codeHint: "Type the text below the code, or use a USB or Bluetooth scanner",
  check: "Check",
  closeTyping: "Close",
  lastScan: "Last scan",
} as const;

export const ANSWER = {
  next: "Next",
  undo: "Undo",
  checkAgain: "Check again",
  reward: "Yes, give it",
  noReward: "No, not now",
  /** The text in the list of scans, after the question was closed. */
  rewardLater: "Give the reward",
} as const;

export const RECENT = {
  title: "Last scans",
  empty: "Nothing has been scanned on this phone yet.",
  note: "The last 50 scans of this phone. A scan can be undone for 5 minutes.",
} as const;

export const CONFLICTS = {
  title: "To look at",
  intro: "The server disagrees with what this phone showed. Decide what to do. Then press Done.",
  empty: "Nothing to look at.",
  looked: "Done",
  lookedAll: "Mark all as done",
  saw: {
    checked: "You saw the answer",
    unchecked: "You saw: not checked",
    seen_before: "You saw: seen before",
  } satisfies Record<KeptScan["shown"], string>,
  says: "The server says",
} as const;

export const SETTINGS = {
  title: "Settings",
  back: "Back to the scanner",
  place: "Place",
  save: "Save",
  saved: "Saved.",
  hand: "Hand that holds the phone",
  hands: { right: "Right", left: "Left" },
  text: "Text size",
  texts: { normal: "Normal", large: "Large", largest: "Largest" },
  signals: "Answers",
  sound: "Sound",
  vibration: "Vibration (not on iPhones)",
  stay: "Keep each answer until I tap",
  camera: "Camera",
  mainCamera: "The camera on the back",
  cameraNumber: (number: number) => `Camera ${number}`,
  key: "Key",
  forget: "Forget the key",
  forgetWaiting: (waiting: number) =>
    `${count(waiting, "scan waits", "scans wait")} to be sent. Without a key, ${waiting === 1 ? "it stays" : "they stay"} on this phone.`,
  forgetConfirm: "Forget the key anyway",
  keep: "Keep the key",
  offline: "Without a network",
  shortcuts: "Keyboard shortcuts",
  shortcutList: [
    ["Enter", "Next"],
    ["U", "Undo"],
    ["Y, N", "Give the reward, or not"],
    ["T", "Type a code"],
    ["L", "Light"],
  ],
} as const;

export const BANNER = {
  understood: "Understood",
  newKey: "Enter a new key",
  mayBeDeleted:
    "This browser may delete what it stores when the phone is full. Add this page to the home screen to prevent that.",
  unavailable:
    "This browser does not store scans, so a scan without a network is lost. Leave private mode, or use another browser.",
  keyNotKept: "This browser does not keep the key. After a restart, you need the QR code again.",
  refused: (detail: string) =>
    `The server refuses what this phone sends: ${detail} Tell the person who runs the passes.`,
  storage: "This phone cannot read or write its list of scans. Reload this page.",
} as const;

/** "Today on this phone: 41 let in, 3 turned away". */
export function counterWords(go: number, turnedAway: number, unchecked: number): string {
  const parts = [
    `${go} let in`,
    `${turnedAway} turned away`,
    ...(unchecked > 0 ? [`${unchecked} not checked`] : []),
  ];
  return `Today on this phone: ${parts.join(", ")}`;
}

export const conflictsWords = (conflicts: number) => `${count(conflicts, "scan", "scans")} to look at`;

/** Follows a sentence that says why, such as "No network." */
export const waitWords = (waiting: number) =>
  waiting === 0 ? "" : `${count(waiting, "scan waits", "scans wait")} to be sent.`;

export const keptWords = (waiting: number) =>
  waiting === 0
    ? "Scans are kept on this phone, and sent with the new key."
    : `${count(waiting, "scan waits", "scans wait")} on this phone. ${waiting === 1 ? "It is" : "They are"} kept, and sent with the new key.`;
