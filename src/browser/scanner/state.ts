/**
 * What the page shows, and how each event changes it. Pure: what has to be done besides (sending, sounds, the camera) is in
 * start-scanner.ts.
 */
import type { KeptScan } from "./scan.ts";
import { DEFAULT_SETTINGS } from "./settings.ts";
import type { Message, ScannerEvent, ScannerState } from "./state-types.ts";

export type { KeyState, ScannerEvent, ScannerState, View } from "./state-types.ts";

export function firstState(now: number): ScannerState {
  return {
    now,
    view: "scan",
    session: undefined,
    isKeyKept: true,
    key: { kind: "unknown" },
    isStarted: false,
    settings: DEFAULT_SETTINGS,
    camera: { kind: "off" },
    cameras: [],
    isTyping: false,
    isChecking: false,
    answer: null,
    earlier: undefined,
    last: null,
    log: { recent: [], conflicts: [], counts: null },
    sender: { waiting: 0, trouble: null, clockError: 0 },
    isOnline: true,
    isNoteRead: false,
    storage: "persistent",
    message: null,
    forgetAsked: null,
  };
}

export function reduce(state: ScannerState, event: ScannerEvent): ScannerState {
  switch (event.kind) {
    case "ticked":
      return { ...state, now: event.now, message: isOver(state.message, event.now) ? null : state.message };
    case "viewed":
      return {
        ...state,
        view: event.view,
        // A scan in another view leads back to the camera, and its answer stays.
        answer: event.view === "scan" ? state.answer : null,
        forgetAsked: null,
        message: null,
        isTyping: false,
      };
    case "signed_in":
      return {
        ...state,
        session: event.session,
        isKeyKept: event.isKept,
        isStarted: false,
        view: "scan",
        key: { kind: "unknown" },
        answer: null,
      };
    case "started":
      return { ...withPlace(state, event.place), isStarted: true };
    case "place_changed":
      return withPlace(state, event.place);
    case "key_checked":
      return { ...state, key: event.key };
    case "forget_asked":
      return { ...state, forgetAsked: event.waiting };
    case "signed_out":
      return {
        ...state,
        session: undefined,
        key: { kind: "unknown" },
        isStarted: false,
        view: "scan",
        forgetAsked: null,
        answer: null,
      };
    case "set":
      return { ...state, settings: { ...state.settings, ...event.settings } };
    case "camera_changed":
      return {
        ...state,
        camera: event.camera,
        cameras: event.camera.kind === "running" ? event.camera.cameras : state.cameras,
      };
    case "typing":
      return { ...state, isTyping: event.isTyping };
    case "checking":
      return { ...state, isChecking: true, answer: null, message: null };
    case "answered":
      return {
        ...state,
        isChecking: false,
        // The key may have been forgotten meanwhile, in another tab.
        answer: state.session === undefined ? null : event.scan,
        last: event.scan,
        earlier: event.earlier,
      };
    case "updated": {
      const { scan } = event;
      const replace = (shown: KeptScan | null) => (shown?.scanId === scan.scanId ? scan : shown);
      return { ...state, answer: replace(state.answer), last: replace(state.last) };
    }
    case "closed":
      return { ...state, answer: null };
    case "log_read": {
      const { last } = state;
      // An answer that arrived later, or an undo.
      const newer = event.log.recent.find(({ scanId }) => scanId === last?.scanId);
      return { ...state, log: event.log, last: newer ?? last };
    }
    case "sender_changed":
      return withTrouble({ ...state, sender: event.sender }, state);
    case "online_changed":
      return withTrouble({ ...state, isOnline: event.isOnline }, state);
    case "note_read":
      return { ...state, isNoteRead: true };
    case "storage_opened":
      return { ...state, storage: event.storage };
    case "said":
      return { ...state, message: nextMessage(state, event.text) };
  }
}

/** Whether scans cannot be checked now, by what is known. */
export function isOffline({ isOnline, sender }: Pick<ScannerState, "isOnline" | "sender">): boolean {
  return !isOnline || sender.trouble?.kind === "unreachable";
}

/** Why the key does not work, by its code. @returns undefined if it does, or nobody knows */
export function keyRefusal({
  key,
  sender: { trouble },
}: Pick<ScannerState, "key" | "sender">): string | undefined {
  if (trouble?.kind === "key") return trouble.code;
  return key.kind === "refused" ? key.code : undefined;
}

function withPlace(state: ScannerState, place: string | null): ScannerState {
  return state.session === undefined ? state : { ...state, session: { ...state.session, place } };
}

/** The note is shown again each time the network is lost. */
function withTrouble(next: ScannerState, before: ScannerState): ScannerState {
  return isOffline(next) && !isOffline(before) ? { ...next, isNoteRead: false } : next;
}

const MESSAGE_MS = 4000;

function nextMessage({ message, now }: ScannerState, text: string): Message {
  return { text, number: (message?.number ?? 0) + 1, at: now };
}

function isOver(message: Message | null, now: number): boolean {
  return message !== null && now - message.at > MESSAGE_MS;
}
