/**
 * What the views ask for. start-scanner.ts does it.
 */
import type { KeptScan } from "./scan.ts";
import type { Session } from "./session.ts";
import type { Settings } from "./settings.ts";
import type { ScannerEvent, ScannerState } from "./state.ts";
import type { VerdictAction } from "./verdict.ts";

export interface Controller {
  state(): ScannerState;
  /** @returns a function that ends it */
  subscribe(listener: () => void): () => void;
  dispatch(event: ScannerEvent): void;
  signIn(session: Session): void;
  /** Starts scanning, once the place is known. It must be called from a tap. */
  start(place: string | null): void;
  setPlace(place: string | null): void;
  forgetKey(isConfirmed: boolean): Promise<void>;
  set(settings: Partial<Settings>): void;
  /** A code, or the link of another key. */
  scan(code: string): void;
  close(): void;
  act(action: VerdictAction, scan: KeptScan): Promise<void>;
  lookedAt(scans: readonly KeptScan[]): Promise<void>;
  /** @param video null when it is gone */
  showCamera(video: HTMLVideoElement | null): void;
  retryCamera(): Promise<void>;
  setTorch(on: boolean): void;
}
