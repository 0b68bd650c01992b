/**
 * The light of a camera. Follows the W3C's "MediaStream Image Capture". TypeScript's DOM has no `torch`, because not all browsers
 * have it.
 */

export function hasTorch(track: MediaStreamTrack): boolean {
  const capabilities: object = track.getCapabilities?.() ?? {};
  return "torch" in capabilities && capabilities.torch !== false;
}

/** @returns whether the light is as asked for */
export async function switchTorch(track: MediaStreamTrack, on: boolean): Promise<boolean> {
  if (!hasTorch(track)) return false;
  const torch: MediaTrackConstraintSet & { torch: boolean } = { torch: on };
  try {
    await track.applyConstraints({ advanced: [torch] });
    return true;
  } catch {
    return false;
  }
}
