/**
 * A pass as the API shows it.
 *
 * Links begin with the setting PUBLIC_ORIGIN, never with a request's Host header.
 */
import { and, eq, isNull, sql } from "drizzle-orm";
import type { Database } from "../db/client.ts";
import { type ImagesFacts, passes } from "../db/schema.ts";
import { ApiError } from "../errors.ts";
import { livingEventId } from "../events/living-event.ts";
import { type Json, parseJson } from "../json.ts";
import type { Role } from "../keys/principal.ts";
import { holdsRole } from "../keys/roles.ts";
import type { FieldOverrides, PassOverrides } from "../pkpass/schema/schema.ts";
import {
  type InstallColumns,
  type InstallStatus,
  installIn,
  newestInstall,
  type Wallet,
} from "./install-status.ts";
import { type PassStatus, statusColumns, statusOf } from "./status.ts";

export interface Pass {
  readonly id: number;
  readonly templateId: number;
  readonly eventId: number | null;
  readonly passTypeIdentifier: string;
  readonly serialNumber: string;
  readonly externalId: string | null;
  readonly values: FieldOverrides;
  readonly pass: PassOverrides;
  /** The keys of pass.json that the pass removes, whichever layer sets them. */
  readonly without: readonly string[];
  readonly barcodeMessage: string | null;
  readonly barcodeAltText: string | null;
  /** The pass's own images. They replace those of the template. */
  readonly images: ImagesFacts;
  readonly tags: readonly string[];
  readonly status: PassStatus;
  readonly redeemedAt: string | null;
  readonly redemptionId: string | null;
  /** When it was voided by the API. Null if only its content voids it (status.ts). */
  readonly voidedAt: string | null;
  readonly voidReason: string | null;
  /** The expirationDate that phones get, from the pass, its event or its template. */
  readonly expiresAt: string | null;
  /** When its holder first signed up in Wallet. */
  readonly personalizedAt: string | null;
  /** The number of devices that are registered for its updates, in Apple Wallet. */
  readonly registrations: number;
  /**
   * In both Wallets together. The times are those of the newest install that still lasts, or else of the one that ended
   * last.
   */
  readonly installStatus: InstallStatus;
  readonly installedAt: string | null;
  readonly uninstalledAt: string | null;
  readonly installs: {
    readonly apple: ShownInstall & { readonly registrations: number };
    readonly google: ShownInstall;
  };
  /** The last state that a device reported, unverified. */
  readonly lifecycleState: string | null;
  /** How many writes of operators it had. Requests of phones do not count. */
  readonly revision: number;
  readonly webToken: string;
  readonly downloadUrl: string;
  readonly landingUrl: string;
  readonly createdAt: string;
  readonly updatedAt: string;
}

/** In one Wallet. */
export interface ShownInstall {
  readonly status: InstallStatus;
  /** When it was first added there, or added again after it had been removed. */
  readonly installedAt: string | null;
  /** When it was last removed there. Null while it is there. */
  readonly uninstalledAt: string | null;
}

/** The columns that `showPassRow` needs, for a select from passes alone. */
export const shownColumns = {
  pass: passes,
  eventId: livingEventId,
  tags: sql<
    Json<string[]>
  >`(SELECT json_group_array(tag) FROM (SELECT tag FROM pass_tags WHERE pass_id = passes.id ORDER BY tag))`,
  registrations: sql<number>`(SELECT count(*) FROM registrations WHERE registrations.pass_id = passes.id)`,
  ...statusColumns,
};

export interface ShownRow {
  readonly pass: typeof passes.$inferSelect;
  readonly eventId: number | null;
  readonly tags: Json<string[]>;
  readonly registrations: number;
  /** 0 or 1. */
  readonly isVoidedByContent: number;
  readonly expiresAt: number | null;
}

/** Path of the public download link. */
export function downloadPath(pass: { id: number; webToken: string }): string {
  return `/passes/${pass.id}/${pass.webToken}.pkpass`;
}

/** Path of the public page of a pass. */
export function landingPath(pass: { id: number; webToken: string }): string {
  return `/p/${pass.id}/${pass.webToken}`;
}

/** Path of the public link to Google Wallet. */
export function googlePath(pass: { id: number; webToken: string }): string {
  return `${landingPath(pass)}/google`;
}

/** The name of the .pkpass file, in characters that are safe in headers and file systems. */
export function pkpassFileName(pass: { serialNumber: string }): string {
  return `${pass.serialNumber.replace(/[^A-Za-z0-9._-]+/g, "_").slice(0, 64)}.pkpass`;
}

/** A row as the API shows it. */
export function showPassRow(row: ShownRow, publicOrigin: string, now: number): Pass {
  const { pass, eventId, tags, registrations } = row;
  const newest = newestInstall(pass);
  return {
    id: pass.id,
    templateId: pass.templateId,
    eventId,
    passTypeIdentifier: pass.passTypeIdentifier,
    serialNumber: pass.serialNumber,
    externalId: pass.externalId,
    values: parseJson(pass.values),
    pass: parseJson(pass.pass),
    without: parseJson(pass.without),
    barcodeMessage: pass.barcodeMessage,
    barcodeAltText: pass.barcodeAltText,
    images: parseJson(pass.images),
    tags: parseJson(tags),
    status: statusOfRow(row, now),
    redeemedAt: instantOf(pass.redeemedAt),
    redemptionId: pass.redemptionId,
    voidedAt: instantOf(pass.voidedAt),
    voidReason: pass.voidReason,
    expiresAt: instantOf(row.expiresAt),
    personalizedAt: instantOf(pass.personalizedAt),
    registrations,
    installStatus: newest.status,
    installedAt: instantOf(newest.installedAt),
    uninstalledAt: instantOf(newest.uninstalledAt),
    installs: {
      apple: { ...showInstall("apple", pass), registrations },
      google: showInstall("google", pass),
    },
    lifecycleState: pass.lifecycleState,
    revision: pass.revision,
    webToken: pass.webToken,
    downloadUrl: publicOrigin + downloadPath(pass),
    landingUrl: publicOrigin + landingPath(pass),
    createdAt: new Date(pass.createdAt).toISOString(),
    updatedAt: new Date(pass.updatedAt).toISOString(),
  };
}

function showInstall(wallet: Wallet, pass: InstallColumns): ShownInstall {
  const { status, installedAt, uninstalledAt } = installIn(wallet, pass);
  return { status, installedAt: instantOf(installedAt), uninstalledAt: instantOf(uninstalledAt) };
}

type Link = "webToken" | "downloadUrl" | "landingUrl";

/** A reader does not see the links, because anyone with one can add the pass to a phone. */
export function shownTo(role: Role | undefined, pass: Pass): Omit<Pass, Link> & Partial<Pick<Pass, Link>> {
  if (holdsRole(role, "issuer")) return pass;
  const { webToken: _token, downloadUrl: _download, landingUrl: _landing, ...withoutLinks } = pass;
  return withoutLinks;
}

/** The status of a pass at this time (status.ts). */
export function statusOfRow({ pass, isVoidedByContent, expiresAt }: ShownRow, now: number): PassStatus {
  const { voidedAt, redeemedAt } = pass;
  return statusOf({ voidedAt, redeemedAt, isVoidedByContent: isVoidedByContent === 1, expiresAt }, now);
}

/** @throws ApiError pass_not_found, also for a deleted pass */
export async function showPass(db: Database, publicOrigin: string, id: number, now: number): Promise<Pass> {
  const [row] = await db.select(shownColumns).from(passes).where(livingPass(id));
  if (row === undefined) throw passNotFound(id);
  return showPassRow(row, publicOrigin, now);
}

/** A time as the API shows it. */
export function instantOf(at: number | null): string | null {
  return at === null ? null : new Date(at).toISOString();
}

/** For a WHERE on passes. */
export function livingPass(id: number) {
  return and(eq(passes.id, id), isNull(passes.deletedAt));
}

/** The refusal for an id that is unknown or deleted. @param pointer of the id in the body */
export function passNotFound(id: number, pointer?: string): ApiError {
  return new ApiError("pass_not_found", `There is no pass ${id}, or it was deleted.`, { pointer });
}
