/**
 * What the page knows, and the events that change it (state.ts).
 */
import type { Me } from "../me.ts";
import type { CameraChoice, CameraState } from "./input/camera-state.ts";
import type { Counts } from "./log/rows.ts";
import type { SenderState } from "./log/sender.ts";
import type { KeptScan } from "./scan.ts";
import type { Session } from "./session.ts";
import type { Settings } from "./settings.ts";

export type View = "scan" | "recent" | "conflicts" | "settings";

/** What GET /me has said of the key. */
export type KeyState =
  | { readonly kind: "unknown" }
  | { readonly kind: "known"; readonly me: Me }
  | { readonly kind: "refused"; readonly code: string };

export interface LogState {
  /** The last 50, newest first. */
  readonly recent: readonly KeptScan[];
  readonly conflicts: readonly KeptScan[];
  /** The counts of today. */
  readonly counts: Pick<Counts, "go" | "turnedAway" | "byTally"> | null;
}

export interface ScannerState {
  readonly now: number;
  readonly view: View;
  readonly session: Session | undefined;
  /** Whether the browser keeps the key when the page is closed. */
  readonly isKeyKept: boolean;
  readonly key: KeyState;
  /** The person has pressed Start, so that the place is known and sounds may play. */
  readonly isStarted: boolean;
  readonly settings: Settings;
  readonly camera: CameraState;
  /** Known once one of them has run. */
  readonly cameras: readonly CameraChoice[];
  readonly isTyping: boolean;
  /** A code is being checked. */
  readonly isChecking: boolean;
  /** The scan whose answer fills the screen. */
  readonly answer: KeptScan | null;
  /** If the answer is that the code was seen before: the scan that saw it. */
  readonly earlier: KeptScan | undefined;
  /** The last scan of this page, which stays in view after its answer is closed. */
  readonly last: KeptScan | null;
  readonly log: LogState;
  readonly sender: SenderState;
  readonly isOnline: boolean;
  /** The note about two phones was read since the network was lost. */
  readonly isNoteRead: boolean;
  readonly storage: "persistent" | "may_be_deleted" | "unavailable";
  /** A short message, such as Undone. It has a number, so that the same one can be announced twice. */
  readonly message: Message | null;
  /** How many scans wait although the person wants to forget the key. */
  readonly forgetAsked: number | null;
}

export interface Message {
  readonly text: string;
  readonly number: number;
  readonly at: number;
}

export type ScannerEvent =
  | { readonly kind: "ticked"; readonly now: number }
  | { readonly kind: "viewed"; readonly view: View }
  | { readonly kind: "signed_in"; readonly session: Session; readonly isKept: boolean }
  | { readonly kind: "started"; readonly place: string | null }
  | { readonly kind: "place_changed"; readonly place: string | null }
  | { readonly kind: "key_checked"; readonly key: KeyState }
  | { readonly kind: "forget_asked"; readonly waiting: number | null }
  | { readonly kind: "signed_out" }
  | { readonly kind: "set"; readonly settings: Partial<Settings> }
  | { readonly kind: "camera_changed"; readonly camera: CameraState }
  | { readonly kind: "typing"; readonly isTyping: boolean }
  | { readonly kind: "checking" }
  | { readonly kind: "answered"; readonly scan: KeptScan; readonly earlier?: KeptScan | undefined }
  /** Something has changed a scan that is shown, such as an undo. */
  | { readonly kind: "updated"; readonly scan: KeptScan }
  | { readonly kind: "closed" }
  | { readonly kind: "log_read"; readonly log: LogState }
  | { readonly kind: "sender_changed"; readonly sender: SenderState }
  | { readonly kind: "online_changed"; readonly isOnline: boolean }
  | { readonly kind: "note_read" }
  | { readonly kind: "storage_opened"; readonly storage: ScannerState["storage"] }
  | { readonly kind: "said"; readonly text: string };
