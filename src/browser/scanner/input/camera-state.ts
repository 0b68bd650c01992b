/**
 * The states of the camera, and what each failure of the browser means. Follows the W3C's "Media Capture and Streams".
 */

export type CameraState =
  | { readonly kind: "off" }
  | { readonly kind: "starting" }
  | RunningCamera
  | { readonly kind: CameraFailure };

export interface RunningCamera {
  readonly kind: "running";
  readonly cameraId: string;
  readonly cameras: readonly CameraChoice[];
  /** "none": this camera has no light that pages can switch. */
  readonly torch: "on" | "off" | "none";
}

export interface CameraChoice {
  readonly id: string;
  /** Empty if the browser does not say. */
  readonly label: string;
}

/**
 * - denied: the person or the device's owner does not allow it
 * - none: there is no camera, or it was unplugged
 * - busy: another app has it, or the system does not give it
 * - insecure: the page was not loaded by https
 * - unsupported: the browser has no cameras for pages
 * - no_decoder: the part that reads barcodes was not loaded
 */
export type CameraFailure = "denied" | "none" | "busy" | "insecure" | "unsupported" | "no_decoder";

/** @param error what getUserMedia threw */
export function failureOf(error: unknown): CameraFailure {
  const name = error instanceof Error || error instanceof DOMException ? error.name : "";
  switch (name) {
    case "NotAllowedError":
    case "SecurityError":
      return "denied";
    case "NotFoundError":
    case "OverconstrainedError":
      return "none";
    default:
      return "busy";
  }
}
