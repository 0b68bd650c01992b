/**
 * Connects the state of the page, which is pure, with everything else: the key, the log, the network, the camera and the keyboard.
 */

import { openTextStore } from "../text-store.ts";
import { createApi } from "./api.ts";
import { type Arrival, askKey, onStoredKey, readAddress } from "./arrival.ts";
import { createChecking } from "./checking.ts";
import type { Controller } from "./controller.ts";
import { keepAwake } from "./input/awake.ts";
import { type Camera, createCamera } from "./input/camera.ts";
import { listenToKeys } from "./input/typed-reader.ts";
import { openScanLog, type ScanLog } from "./log/scan-log.ts";
import { startSender } from "./log/start-sender.ts";
import { unavailableLog } from "./log/unavailable-log.ts";
import { loadAgain } from "./offline.ts";
import { startOfDay } from "./scan.ts";
import { isKept, readKeyText, type Session, signIn, signOut } from "./session.ts";
import { readSettings, storeSettings } from "./settings.ts";
import { onKeyDown, onShortcut } from "./shortcuts.ts";
import { createSignals } from "./signals.ts";
import { firstState, keyRefusal, reduce, type ScannerEvent, type ScannerState, type View } from "./state.ts";
import { MESSAGES } from "./words.ts";

const RECENT = 50;
const TICK_MS = 5000;
const PERSIST_PATIENCE_MS = 500;
const KEY_CHECK_MS = 10 * 60_000;
const VIEWS: readonly View[] = ["recent", "conflicts", "settings"];

/** Starts everything. Once for each page. */
export async function startScanner(): Promise<Controller> {
  const store = openTextStore(() => localStorage);
  // Before anything else, because a key may be in the address bar.
  const arrival = readAddress(store);
  const signals = createSignals();
  const listeners = new Set<() => void>();
  let state: ScannerState = {
    ...firstState(Date.now()),
    settings: readSettings(store),
    isOnline: navigator.onLine,
  };
  const dispatch = (event: ScannerEvent) => {
    state = reduce(state, event);
    for (const listener of listeners) listener();
  };

  const log = await openLog(dispatch);
  const sender = startSender(log);
  const readLog = async () => {
    try {
      const [recent, conflicts, counts] = await Promise.all([
        log.latest(RECENT),
        log.conflicts(),
        log.countsSince(startOfDay(Date.now())),
      ]);
      dispatch({ kind: "log_read", log: { recent, conflicts, counts } });
    } catch {
      // The sender says that the log cannot be read.
    }
  };
  const checking = createChecking({
    state: () => state,
    dispatch,
    sender,
    signals,
    seenBefore: (code) => log.seenBefore(code),
    onChange: () => void readLog(),
  });

  const checkKey = async () => {
    const key = state.session?.key;
    const checked = key === undefined ? undefined : await askKey(key, sender.compareClock);
    if (checked !== undefined && key === state.session?.key) dispatch({ kind: "key_checked", key: checked });
  };
  const useSession = (session: Session) => {
    dispatch({ kind: "signed_in", session, isKept: isKept(store, session) });
    sender.useApi(createApi(session.key));
    void checkKey();
  };
  const endSession = () => {
    sender.useApi(undefined);
    location.hash = "";
    dispatch({ kind: "signed_out" });
  };
  const openAddress = ({ hasKey, session }: Arrival) => {
    if (session !== undefined && (hasKey || session.key !== state.session?.key)) {
      useSession(session);
      if (!hasKey && state.settings.placeAsked) dispatch({ kind: "started", place: session.place });
    }
    const view = VIEWS.find((name) => location.hash === `#/${name}`) ?? "scan";
    if (view !== state.view) dispatch({ kind: "viewed", view });
  };

  let camera: Camera | undefined;
  const startCamera = () => void camera?.start(state.settings.cameraId || undefined);
  const controller: Controller = {
    state: () => state,
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    dispatch,
    signIn(session) {
      useSession(signIn(store, { ...session, place: session.place ?? state.session?.place ?? null }));
      location.hash = "";
    },
    start(place) {
      signals.unlock();
      controller.setPlace(place);
      controller.set({ placeAsked: true });
      dispatch({ kind: "started", place });
    },
    setPlace(place) {
      if (state.session === undefined) return;
      signIn(store, { ...state.session, place });
      dispatch({ kind: "place_changed", place });
    },
    async forgetKey(isConfirmed) {
      const waiting = await log.countUnsettled().catch(() => 0);
      const signedOut = signOut(store, waiting, isConfirmed);
      if (signedOut.kind === "scans_wait") return dispatch({ kind: "forget_asked", waiting });
      endSession();
    },
    set(settings) {
      const { cameraId } = state.settings;
      dispatch({ kind: "set", settings });
      storeSettings(store, state.settings);
      if (state.settings.cameraId !== cameraId) startCamera();
    },
    scan(code) {
      // A key is never sent as a code. And nobody at a gate can replace a key that works by the code that they show.
      const session = readKeyText(code);
      const isWanted = state.session === undefined || keyRefusal(state) !== undefined;
      if (session !== undefined)
        return isWanted ? controller.signIn(session) : dispatch({ kind: "said", text: MESSAGES.isKey });
      if (state.session === undefined || !state.isStarted || code === "") return;
      if (state.view !== "scan") location.hash = "";
      checking.scan(code);
    },
    close: checking.close,
    act: checking.act,
    async lookedAt(scans) {
      const scanIds = scans.map(({ scanId }) => scanId);
      await log.markLooked(scanIds, Date.now()).catch(() => {});
      await readLog();
    },
    showCamera(video) {
      camera?.stop();
      camera = undefined;
      if (video === null) return;
      const own = createCamera(video, {
        onCode: controller.scan,
        onState(next) {
          if (camera === own) dispatch({ kind: "camera_changed", camera: next });
        },
      });
      camera = own;
      startCamera();
    },
    async retryCamera() {
      if (state.camera.kind !== "no_decoder" || !(await loadAgain())) startCamera();
    },
    setTorch(on) {
      void camera?.setTorch(on);
    },
  };

  openAddress(arrival);
  addEventListener("hashchange", () => openAddress(readAddress(store)));
  onStoredKey(() => {
    const stored = readAddress(store);
    // A browser that keeps no key says nothing about the one of this tab.
    if (stored.session === undefined && state.isKeyKept) endSession();
    else openAddress(stored);
  });
  listenToKeys({ onCode: controller.scan, onShortcut: (key) => onShortcut(key, controller) });
  document.addEventListener("keydown", (event) => onKeyDown(event, controller));
  for (const kind of ["pointerdown", "keydown"]) addEventListener(kind, signals.unlock, { capture: true });
  for (const kind of ["online", "offline"])
    addEventListener(kind, () => {
      dispatch({ kind: "online_changed", isOnline: navigator.onLine });
      if (navigator.onLine) void checkKey();
    });
  document.addEventListener("visibilitychange", () => void readLog());
  keepAwake();
  sender.subscribe(() => {
    dispatch({ kind: "sender_changed", sender: sender.state() });
    void readLog();
  });
  setInterval(() => dispatch({ kind: "ticked", now: Date.now() }), TICK_MS);
  setInterval(() => void checkKey(), KEY_CHECK_MS);
  void readLog();
  return controller;
}

/** Some browsers ask the person first. The page does not wait for that. */
async function persist(): Promise<boolean> {
  const late = new Promise<boolean>((resolve) => setTimeout(resolve, PERSIST_PATIENCE_MS, false));
  return Promise.race([navigator.storage.persist(), late]);
}

async function openLog(dispatch: (event: ScannerEvent) => void): Promise<ScanLog> {
  const opened = await openScanLog({ persist });
  if (opened.kind === "unavailable") {
    dispatch({ kind: "storage_opened", storage: "unavailable" });
    return unavailableLog(opened.detail);
  }
  dispatch({ kind: "storage_opened", storage: opened.isPersistent ? "persistent" : "may_be_deleted" });
  return opened.log;
}
