/**
 * The picture of the camera with a frame to aim by, or what to do about a camera that does not run.
 */
import { useCallback } from "preact/hooks";
import type { Controller } from "../controller.ts";
import type { CameraState } from "../input/camera-state.ts";
import { SCAN } from "../page-words.ts";
import type { ScannerState } from "../state.ts";
import { CAMERA_WORDS } from "../trouble-words.ts";

interface CameraViewProps {
  readonly state: ScannerState;
  readonly controller: Controller;
}

export function CameraView({ state: { camera, isChecking }, controller }: CameraViewProps) {
  const video = useCallback(
    (element: HTMLVideoElement | null) => controller.showCamera(element),
    [controller],
  );
  return (
    <section class={`camera ${camera.kind}`} aria-label={SCAN.camera}>
      <video ref={video} muted playsInline />
      <div class="frame" aria-hidden="true" />
      <CameraWords camera={camera} isChecking={isChecking} onRetry={() => void controller.retryCamera()} />
    </section>
  );
}

interface CameraWordsProps {
  readonly camera: CameraState;
  readonly isChecking: boolean;
  readonly onRetry: () => void;
}

function CameraWords({ camera, isChecking, onRetry }: CameraWordsProps) {
  if (isChecking)
    return (
      <p class="pill checking" role="status">
        {SCAN.checking}
      </p>
    );
  switch (camera.kind) {
    case "off":
      return null;
    case "starting":
      return <p class="pill">{SCAN.starting}</p>;
    case "running":
      return <p class="pill">{SCAN.hint}</p>;
    default:
      return (
        <div class="cure" role="status">
          <p class="cure-title">{CAMERA_WORDS[camera.kind].title}</p>
          <p>{CAMERA_WORDS[camera.kind].detail}</p>
          <button type="button" class="small" onClick={onRetry}>
            {SCAN.retry}
          </button>
        </div>
      );
  }
}
