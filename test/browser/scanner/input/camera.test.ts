/**
 * The camera, with a stand-in for what a browser gives. Pictures of barcodes are read in Chromium (test/chromium).
 */
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createCamera } from "../../../../src/browser/scanner/input/camera.ts";
import type { CameraState } from "../../../../src/browser/scanner/input/camera-state.ts";

vi.mock("../../../../src/browser/scanner/input/decoder.ts", () => ({ readCode: async () => undefined }));

const torch = vi.fn();
const track = {
  addEventListener() {},
  stop: vi.fn(),
  getCapabilities: () => ({ torch: true }),
  getSettings: () => ({ deviceId: "back" }),
  applyConstraints: async ({ advanced: [constraints] }: { advanced: { torch: boolean }[] }) => {
    torch(constraints?.torch);
  },
};
const stream = { getVideoTracks: () => [track], getTracks: () => [track] };
const video = { srcObject: null, play: async () => {}, requestVideoFrameCallback() {} };

beforeEach(() => {
  vi.stubGlobal("window", { isSecureContext: true });
  vi.stubGlobal("document", { visibilityState: "visible", addEventListener() {}, removeEventListener() {} });
  vi.stubGlobal("navigator", {
    mediaDevices: Object.assign(new EventTarget(), {
      getUserMedia: async () => stream,
      enumerateDevices: async () => [],
    }),
  });
  vi.stubGlobal(
    "OffscreenCanvas",
    class {
      getContext = () => ({});
    },
  );
});
afterEach(() => vi.unstubAllGlobals());

test("the light is turned on and off, and the state says so", async () => {
  const states: CameraState[] = [];
  const onState = (state: CameraState) => void states.push(state);
  const camera = createCamera(video as unknown as HTMLVideoElement, { onCode() {}, onState });
  void camera.start();
  await vi.waitFor(() => expect(states.at(-1)).toMatchObject({ kind: "running", torch: "off" }));
  await camera.setTorch(true);
  expect(states.at(-1)).toMatchObject({ torch: "on" });
  await camera.setTorch(false);
  expect(states.at(-1)).toMatchObject({ torch: "off" });
  expect(torch.mock.calls).toEqual([[true], [false]]);
  camera.stop();
  expect([states.at(-1), track.stop.mock.calls.length]).toEqual([{ kind: "off" }, 1]);
});

test("a camera that is plugged in again is started by itself, and after a stop it is not", async () => {
  const states: CameraState[] = [];
  const onState = (state: CameraState) => void states.push(state);
  const { mediaDevices } = navigator;
  vi.spyOn(mediaDevices, "getUserMedia").mockRejectedValueOnce(new DOMException("", "NotFoundError"));
  const camera = createCamera(video as unknown as HTMLVideoElement, { onCode() {}, onState });
  await camera.start();
  expect(states.at(-1)).toEqual({ kind: "none" });
  mediaDevices.dispatchEvent(new Event("devicechange"));
  await vi.waitFor(() => expect(states.at(-1)?.kind).toBe("running"));
  const before = states.length;
  mediaDevices.dispatchEvent(new Event("devicechange"));
  camera.stop();
  mediaDevices.dispatchEvent(new Event("devicechange"));
  expect(states.slice(before)).toEqual([{ kind: "off" }]);
});
