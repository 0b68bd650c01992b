/**
 * The camera: shows it in a video element, and reports each new code that it sees. It is off while the page is hidden. Follows
 * the W3C's "Media Capture and Streams".
 */
import { type CameraState, failureOf, type RunningCamera } from "./camera-state.ts";
import type { Decoder } from "./decoder.ts";
import { createSameCode } from "./same-code.ts";
import { hasTorch, switchTorch } from "./torch.ts";

export interface CameraEvents {
  onCode(text: string): void;
  onState(state: CameraState): void;
}

export interface Camera {
  /** @param cameraId of a camera that was used before, if it is still there */
  start(cameraId?: string): Promise<void>;
  stop(): void;
  setTorch(on: boolean): Promise<void>;
}

/** Wide enough for a dense PDF417, and small enough to read many frames a second. */
const SIZE = { width: { ideal: 1280 }, height: { ideal: 720 } };

/** @param video `muted` and `playsinline`, or iPhones show it in their own player */
export function createCamera(video: HTMLVideoElement, { onCode, onState }: CameraEvents): Camera {
  const sameCode = createSameCode();
  let isWanted = false;
  let chosen: string | undefined;
  let isTorchWanted = false;
  let stream: MediaStream | undefined;
  let isMissing = false;
  /** The number of the newest start. An older start that is still running ends when it sees another number. */
  let run = 0;

  async function open(): Promise<void> {
    close();
    isMissing = false;
    const own = run;
    if (!window.isSecureContext) return onState({ kind: "insecure" });
    if (navigator.mediaDevices?.getUserMedia === undefined) return onState({ kind: "unsupported" });
    onState({ kind: "starting" });
    let opened: MediaStream;
    try {
      opened = await openStream(chosen);
    } catch (error) {
      if (own !== run) return;
      const kind = failureOf(error);
      isMissing = kind === "none";
      return onState({ kind });
    }
    if (own !== run) return stopTracks(opened);
    stream = opened;
    const [track] = opened.getVideoTracks();
    track?.addEventListener("ended", () => {
      if (own === run) void open();
    });
    video.srcObject = opened;
    try {
      await video.play();
      const decoder: Decoder = await import("./decoder.ts");
      if (isTorchWanted && track) await switchTorch(track, true);
      if (track && own === run) onState(await describe(track, isTorchWanted));
      await readFrames(own, decoder);
    } catch (error) {
      // play() is interrupted when another start or a stop has begun.
      if (own !== run) return;
      close();
      onState({ kind: error instanceof DOMException ? failureOf(error) : "no_decoder" });
    }
  }

  async function readFrames(own: number, { readCode }: Decoder): Promise<void> {
    const canvas = new OffscreenCanvas(1, 1);
    const context = canvas.getContext("2d", { willReadFrequently: true });
    for (let frame = 0; own === run && context !== null; frame++) {
      await new Promise((resolve) => video.requestVideoFrameCallback(resolve));
      // A phone that is turned changes the size.
      const { videoWidth: width, videoHeight: height } = video;
      if (own !== run || width === 0) continue;
      if (canvas.width !== width) canvas.width = width;
      if (canvas.height !== height) canvas.height = height;
      context.drawImage(video, 0, 0);
      const code = await readCode(context.getImageData(0, 0, width, height), frame);
      if (own === run && code !== undefined && sameCode.isNew(code, performance.now())) onCode(code.text);
    }
  }

  function close(): void {
    run++;
    if (stream !== undefined) stopTracks(stream);
    stream = undefined;
    video.srcObject = null;
  }

  /** Starts again when a camera is plugged in, if there was none. */
  function onDevices(): void {
    if (isWanted && isMissing && document.visibilityState === "visible") void open();
  }

  function onVisibility(): void {
    if (!isWanted) return;
    if (document.visibilityState === "visible") void open();
    else {
      close();
      onState({ kind: "off" });
    }
  }

  return {
    async start(cameraId) {
      if (!isWanted) {
        document.addEventListener("visibilitychange", onVisibility);
        navigator.mediaDevices?.addEventListener("devicechange", onDevices);
      }
      isWanted = true;
      chosen = cameraId;
      await open();
    },
    stop() {
      document.removeEventListener("visibilitychange", onVisibility);
      navigator.mediaDevices?.removeEventListener("devicechange", onDevices);
      isWanted = false;
      isTorchWanted = false;
      close();
      onState({ kind: "off" });
    },
    async setTorch(on) {
      const track = stream?.getVideoTracks()[0];
      if (track === undefined) return;
      const own = run;
      if (await switchTorch(track, on)) isTorchWanted = on;
      if (own === run) onState(await describe(track, isTorchWanted));
    },
  };
}

/** @param cameraId if this camera is gone, one that looks away from the person is used */
function openStream(cameraId: string | undefined): Promise<MediaStream> {
  const away = { facingMode: { ideal: "environment" } };
  const which = cameraId === undefined ? away : { deviceId: { ideal: cameraId } };
  return navigator.mediaDevices.getUserMedia({ audio: false, video: { ...which, ...SIZE } });
}

function stopTracks(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop();
}

async function describe(track: MediaStreamTrack, isTorchOn: boolean): Promise<RunningCamera> {
  const devices = await navigator.mediaDevices.enumerateDevices();
  return {
    kind: "running",
    cameraId: track.getSettings().deviceId ?? "",
    cameras: devices
      .filter(({ kind }) => kind === "videoinput")
      .map(({ deviceId, label }) => ({ id: deviceId, label })),
    torch: !hasTorch(track) ? "none" : isTorchOn ? "on" : "off",
  };
}
