/**
 * What a person has set on this phone: how the page looks, sounds and answers. It is in localStorage, as one text.
 */
import type { TextStore } from "../text-store.ts";

export interface Settings {
  /** The hand that holds the phone: buttons are where its thumb is. */
  readonly hand: "right" | "left";
  readonly text: "normal" | "large" | "largest";
  readonly sound: boolean;
  readonly vibration: boolean;
  /** Answers stay until a tap, also those that let somebody in. */
  readonly stay: boolean;
  /** Empty: the one that looks away from the person. */
  readonly cameraId: string;
  /** Whether the person was asked where this phone is. */
  readonly placeAsked: boolean;
}

export const DEFAULT_SETTINGS: Settings = {
  hand: "right",
  text: "normal",
  sound: true,
  vibration: true,
  stay: false,
  cameraId: "",
  placeAsked: false,
};

const NAME = "edgepass-scanner-settings";

export function readSettings(store: TextStore): Settings {
  const text = readText(store);
  const stored = new URLSearchParams(text);
  const flag = (name: keyof Settings, byDefault: boolean) =>
    stored.has(name) ? stored.get(name) === "on" : byDefault;
  const size = stored.get("text");
  return {
    hand: stored.get("hand") === "left" ? "left" : "right",
    text: size === "large" || size === "largest" ? size : "normal",
    sound: flag("sound", DEFAULT_SETTINGS.sound),
    vibration: flag("vibration", DEFAULT_SETTINGS.vibration),
    stay: flag("stay", DEFAULT_SETTINGS.stay),
    cameraId: stored.get("cameraId") ?? "",
    placeAsked: flag("placeAsked", DEFAULT_SETTINGS.placeAsked),
  };
}

export function storeSettings(store: TextStore, settings: Settings): void {
  const texts = Object.entries(settings).map(([name, value]) => [
    name,
    typeof value === "boolean" ? (value ? "on" : "off") : value,
  ]);
  try {
    store.setItem(NAME, new URLSearchParams(texts).toString());
  } catch {
    // The settings last as long as the page.
  }
}

function readText(store: TextStore): string {
  try {
    return store.getItem(NAME) ?? "";
  } catch {
    return "";
  }
}
