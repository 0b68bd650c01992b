/**
 * The person who runs the passes: issues tickets, makes keys of scanners, and reads what was scanned.
 */
import type { Pass } from "../../src/passes/show.ts";
import type { TemplatePass } from "../../src/pkpass/schema/schema.ts";
import type { Template } from "../../src/templates/show.ts";
import { drawPng } from "../apple/png.ts";
import { toBase64 } from "../tools/fuzz/wire.ts";
import { adminOf } from "../tools/local/admin.ts";
import { PASS_TYPE_IDENTIFIER } from "../tools/local/provision.ts";
import { adminToken, origin } from "./visitor.ts";

export const admin = adminOf(origin, adminToken);

export interface Ticket {
  readonly id: number;
  /** What its barcode says. */
  readonly code: string;
  /** The path of its page. */
  readonly path: string;
}

/** What the tests read of the answer of `GET /admin/v1/scans`. */
export interface ScanList {
  readonly items: readonly {
    readonly scanId: string;
    readonly outcome: string;
    readonly passId: number | null;
    readonly place: string | null;
    readonly actor: string;
    readonly undoneAt: string | null;
  }[];
  readonly counts: { readonly total: number; readonly byOutcome: Readonly<Record<string, number>> };
}

export interface Key {
  readonly id: number;
  readonly key: string;
  readonly scanner: { readonly url: string; readonly qrCode: string };
}

const ICON = toBase64(drawPng(29, 29, () => [0, 104, 214, 255]));
let codes = 0;

/**
 * @param pass what it has besides a QR code and a seat
 * @param more of the template, such as what a scan does
 */
export async function makeTemplate(
  pass: Partial<TemplatePass> = {},
  more: Readonly<Record<string, unknown>> = {},
): Promise<number> {
  const { id } = await admin.send<Template>("POST", "/templates", {
    name: "Ticket",
    passTypeIdentifier: PASS_TYPE_IDENTIFIER,
    images: { "icon.png": ICON },
    pass: {
      description: "Ticket",
      organizationName: "Edgepass",
      barcodes: [{ format: "PKBarcodeFormatQR", message: "-", messageEncoding: "iso-8859-1" }],
      eventTicket: { primaryFields: [{ key: "seat", label: "SEAT", value: "1" }] },
      ...pass,
    },
    ...more,
  });
  return id;
}

/** Tickets, each with its code as the name of its seat. */
export async function makeTickets(count: number): Promise<Ticket[]> {
  const templateId = await makeTemplate();
  return Promise.all(Array.from({ length: count }, () => issue(templateId)));
}

/** @param body what it has besides a code */
export async function issue(
  templateId: number,
  body: Readonly<Record<string, unknown>> = {},
): Promise<Ticket> {
  const code = `GATE-${++codes}-${crypto.randomUUID().slice(0, 8)}`;
  const path = `/templates/${templateId}/passes`;
  const { id, landingUrl } = await admin.send<Pass>("POST", path, {
    barcodeMessage: code,
    values: { seat: code },
    ...body,
  });
  return { id, code, path: new URL(landingUrl).pathname };
}

export const makeKey = (name: string) => admin.send<Key>("POST", "/keys", { name, role: "scanner" });

export async function revokeKey({ id }: Key): Promise<void> {
  const headers = { authorization: `Bearer ${adminToken}` };
  const { status } = await fetch(`${origin}/admin/v1/keys/${id}`, { method: "DELETE", headers });
  if (status !== 204) throw new Error(`a key was not revoked: ${status}`);
}

export const scansAt = (place: string) =>
  admin.get<ScanList>(`/scans?limit=200&place=${encodeURIComponent(place)}`);

/** Another scanner, with a network. */
export const sendScan = ({ key }: Key, code: string, place: string) =>
  adminOf(origin, key).send<unknown>("POST", "/scans", {
    scans: [{ scanId: crypto.randomUUID(), code, place }],
  });
