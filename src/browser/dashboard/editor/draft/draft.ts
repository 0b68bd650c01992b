/**
 * A template while it is edited: the members that the API takes for a new template, and its images.
 */
import type { JsonObject } from "../../../../json.ts";
import type { OfferedWallets } from "../../offered-wallets.ts";

export interface TemplateDraft {
  readonly name: string;
  readonly passTypeIdentifier: string;
  readonly projectId: number | null;
  readonly externalId: string | null;
  readonly webService: "/" | "/api";
  readonly barcodeText: "message" | null;
  readonly contact: string | null;
  /** In which Wallets its passes are offered. Null: as its pass type says. */
  readonly wallets: OfferedWallets | null;
  /** pass.json without ids. It may be incomplete or wrong, as people type it. */
  readonly pass: JsonObject;
  /** Language → text of pass.json → its translation. */
  readonly strings: Strings;
  readonly personalization: JsonObject | null;
  /** What a scan does. Null: it redeems the pass. */
  readonly scan: JsonObject | null;
  /** The join page. Null: there is none. */
  readonly join: JsonObject | null;
  /** What Google Wallet needs and pass.json does not have. Null: nothing. */
  readonly google: JsonObject | null;
  /** Path, such as `icon@2x.png` or `fr.lproj/logo@3x.png`, → image. */
  readonly images: Readonly<Record<string, DraftImage>>;
}

export type Strings = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** An image that the service has, or one that was dropped and is not sent yet. Its size is in pixels. */
export type DraftImage = { readonly width: number; readonly height: number } & (
  | { readonly kind: "stored"; readonly sha256: string; readonly derivedFrom?: string | undefined }
  | { readonly kind: "new"; readonly bytes: Uint8Array<ArrayBuffer> }
);

/** A template that the service has, and what a page shows of it besides the draft. */
export interface StoredTemplate {
  readonly id: number;
  readonly revision: number;
  readonly joinUrl: string | null;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly draft: TemplateDraft;
}
