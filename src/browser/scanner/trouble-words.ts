/**
 * What does not work, and how to cure it: the camera, the network, the key.
 */
import type { Unreachable } from "../request.ts";
import type { CameraFailure } from "./input/camera-state.ts";
import type { AnswerWords } from "./words.ts";

export const CAMERA_WORDS: Readonly<Record<CameraFailure, AnswerWords>> = {
  denied: {
    title: "No camera: not allowed",
    detail:
      "Allow the camera for this page: tap the icon next to the address, or open the settings of the browser. Then try again.",
  },
  none: {
    title: "No camera found",
    detail: "Connect a camera, or a USB or Bluetooth scanner, or type the codes.",
  },
  busy: {
    title: "The camera is busy",
    detail: "Close other apps and tabs that use the camera. Then try again.",
  },
  insecure: {
    title: "No camera: no https",
    detail:
      "Browsers allow the camera only on pages with https. Open this page by its address with https://.",
  },
  unsupported: {
    title: "No camera in this browser",
    detail: "Open this page in Safari or Chrome, or type the codes.",
  },
  no_decoder: {
    title: "Codes cannot be read yet",
    detail: "The part of this page that reads codes has not loaded. Connect to a network. Then try again.",
  },
};

export const UNREACHABLE_WORDS: Readonly<Record<Unreachable["reason"], string>> = {
  network: "No network.",
  timeout: "The server does not answer.",
  busy: "The server is busy.",
  not_ours: "Another page answers. If this Wi-Fi asks you to sign in, do that in another tab.",
};

/** 401 and 403, by code. */
export function keyWords(code: string): AnswerWords {
  switch (code) {
    case "key_expired":
      return {
        title: "The key has expired",
        detail: "Ask the person who runs the passes for a new QR code.",
      };
    case "key_revoked":
      return {
        title: "The key was revoked",
        detail: "Somebody has ended this key. Ask the person who runs the passes for a new QR code.",
      };
    case "forbidden_role":
      return {
        title: "This key cannot scan",
        detail: "It is for something else. Ask the person who runs the passes for the QR code of a scanner.",
      };
    case "forbidden_scope":
      return {
        title: "This key is for other passes",
        detail: "Ask the person who runs the passes for a new QR code.",
      };
    default:
      return {
        title: "The key is wrong",
        detail:
          "The server does not know this key. Type the key again, or ask the person who runs the passes for a new QR code.",
      };
  }
}

export const OFFLINE_NOTE =
  "Two phones that are offline cannot know of each other: a pass can be used once at each. What you scan is recorded, and checked later.";
