/**
 * Brings scans to the server, and its answers into the log. Any of it may be repeated at any time, also by another tab: the server
 * counts each scanId once, and an undo that is repeated has the same answer.
 */

import { SCAN_LIMITS } from "../../../limits.ts";
import type { Answer, Unreachable } from "../../request.ts";
import type { ScanResult } from "../answers.ts";
import type { Api, SentScan } from "../api.ts";
import { isUnsettled, type KeptScan } from "../scan.ts";
import type { ScanLog } from "./scan-log.ts";

/** Why scans wait, for a line on the page. */
export type Trouble =
  | { readonly kind: "no_key" }
  /** The key is revoked, expired or of another role (401, 403). No timer tries again: a person or the page does (README). */
  | { readonly kind: "key"; readonly status: number; readonly code: string; readonly detail: string }
  | {
      readonly kind: "unreachable";
      readonly reason: Unreachable["reason"];
      readonly retryAfterMs: number | null;
    }
  /** The server refuses all requests, but not because of a scan. They are tried again. */
  | { readonly kind: "refused"; readonly status: number; readonly code: string; readonly detail: string }
  /** This phone cannot read or write its log. */
  | { readonly kind: "storage"; readonly detail: string };

export interface Delivery {
  readonly trouble: Trouble | null;
  /** The scans that were answered or refused. */
  readonly settled: readonly KeptScan[];
}

/** What every delivery needs. Another key has another `api`. */
export interface DeliveryContext {
  readonly log: ScanLog;
  readonly api: Api;
  readonly now: () => number;
  /** Sees each answer of the server. */
  readonly onAnswer: (answer: Answer<unknown>) => void;
}

/** A scan that a person waits for. */
export interface Watched {
  readonly scanId: string;
  /** Called when its answer has arrived. @returns whether the person still waits for it, and will see it */
  readonly claim: () => boolean;
  /** The scan was made just now, so it is sent without a time: the server takes its own, whatever the clock of this phone says. */
  readonly isNew: boolean;
}

/** The request is refused because of a scan in it. Any other refusal is of the address, the key or the server. */
const FAULT_OF_A_SCAN: readonly number[] = [400, 413, 415, 422];
const NOT_UNDERSTOOD = { kind: "unreachable", reason: "not_ours", retryAfterMs: null } as const;

/** Sends scans that wait, at most as many as a request may have. */
async function deliver(
  context: DeliveryContext,
  scans: readonly KeptScan[],
  watched?: Watched,
): Promise<Delivery> {
  const { log, api, now, onAnswer } = context;
  const isMarked = scans.every(({ sentAt }) => sentAt !== null);
  const scanIds = scans.map(({ scanId }) => scanId);
  const sent = isMarked ? scans : await log.markSent(scanIds, now());
  if (sent.length === 0) return { trouble: null, settled: [] };
  const answer = await api.send(sent.map((scan) => toSent(scan, watched)));
  onAnswer(answer);
  if (answer.kind === "ok") {
    const delivery = await storeAnswer(context, sent, answer.body, watched);
    const isComplete = sent.every(({ scanId }) => answer.body.some((result) => result.scanId === scanId));
    // A result that was not understood is missing. Its scan waits, and is sent again.
    return isComplete ? delivery : { ...delivery, trouble: NOT_UNDERSTOOD };
  }
  if (answer.kind === "unreachable" || !FAULT_OF_A_SCAN.includes(answer.status))
    return { trouble: troubleOf(answer), settled: [] };
  const [only, ...others] = sent;
  if (only === undefined || others.length > 0) return deliverHalves(context, sent, watched);
  const isShown = only.scanId === watched?.scanId && watched.claim();
  const refused = await log.refuse(only.scanId, answer, now(), isShown);
  return { trouble: null, settled: refused === undefined ? [] : [refused] };
}

/** Sends the scans in two halves, to find the one that the server cannot take and to send the others without it. */
async function deliverHalves(
  context: DeliveryContext,
  scans: readonly KeptScan[],
  watched?: Watched,
): Promise<Delivery> {
  const middle = scans.length >> 1;
  const first = await deliver(context, scans.slice(0, middle), watched);
  if (first.trouble !== null) return first;
  const second = await deliver(context, scans.slice(middle), watched);
  return { trouble: second.trouble, settled: [...first.settled, ...second.settled] };
}

async function storeAnswer(
  { log, now }: DeliveryContext,
  sent: readonly KeptScan[],
  results: readonly ScanResult[],
  watched?: Watched,
): Promise<Delivery> {
  const answeredAt = now();
  const shown = results.some(({ scanId }) => scanId === watched?.scanId && watched.claim())
    ? watched?.scanId
    : undefined;
  try {
    return { trouble: null, settled: await log.answer(results, answeredAt, shown) };
  } catch (error) {
    // The person still sees the answer. In the log the scan waits, is sent again, and counts once.
    const settled = sent.flatMap((scan) => {
      const result = results.find(({ scanId }) => scanId === scan.scanId);
      return result === undefined
        ? []
        : [{ ...scan, state: { kind: "answered", result, answeredAt, redeemedBy: null } as const }];
    });
    return { trouble: { kind: "storage", detail: String(error) }, settled };
  }
}

/** Asks the server to undo an answered scan. */
async function deliverUndo({ log, api, onAnswer }: DeliveryContext, scanId: string): Promise<Trouble | null> {
  const answer = await api.undo(scanId);
  onAnswer(answer);
  if (answer.kind === "ok") await log.endUndo(scanId, answer.body);
  else if (answer.kind === "unreachable" || isAboutKey(answer.status)) return troubleOf(answer);
  else if (answer.code === "nothing_to_undo") await log.endUndo(scanId, "nothing");
  else await log.endUndo(scanId, { refused: answer.detail });
  return null;
}

/** Sends those that wait, and then undoes those whose undo is wanted. */
export async function settle(context: DeliveryContext, scans: readonly KeptScan[]): Promise<Trouble | null> {
  const waiting = scans.filter(({ state }) => state.kind === "waiting");
  if (waiting.length > 0) {
    const { trouble } = await deliver(context, waiting);
    if (trouble !== null) return trouble;
  }
  for (const { scanId } of scans.filter(({ undo }) => undo === "wanted")) {
    const scan = await context.log.get(scanId);
    if (scan?.state.kind !== "answered" || scan.undo !== "wanted") continue;
    const trouble = await deliverUndo(context, scanId);
    if (trouble !== null) return trouble;
  }
  return null;
}

/**
 * Earlier scans of the same code that still wait on this phone are sent first, in the same request. Otherwise the server would answer
 * the new scan as if they had not happened. Undos that wait are sent before all of them.
 */
export async function deliverInOrder(
  context: DeliveryContext,
  scan: KeptScan,
  others: readonly KeptScan[],
  watched: Watched,
): Promise<Delivery> {
  const unsettled = others.filter(isUnsettled);
  const undone = unsettled.filter(({ undo }) => undo === "wanted");
  const trouble = undone.length > 0 ? await settle(context, undone.slice(-SCAN_LIMITS.perRequest)) : null;
  if (trouble !== null) return { trouble, settled: [] };
  const before = unsettled.filter(({ undo }) => undo === "no").slice(1 - SCAN_LIMITS.perRequest);
  return deliver(context, [...before, scan], watched);
}

/**
 * Sends a scan that the log cannot store. If the server answers while the person waits, that is enough.
 * @param detail why it cannot be stored
 */
export async function deliverUnstored(
  context: Pick<DeliveryContext, "api" | "now" | "onAnswer">,
  scan: KeptScan,
  detail: string,
  claim: () => boolean,
): Promise<KeptScan> {
  const answer = await context.api.send([{ ...scan, at: undefined }]);
  context.onAnswer(answer);
  const results = answer.kind === "ok" ? answer.body : [];
  const result = results.find(({ scanId }) => scanId === scan.scanId);
  if (result === undefined || !claim()) return notStored(scan, detail);
  const state = { kind: "answered", result, answeredAt: context.now(), redeemedBy: null } as const;
  return { ...scan, shown: "checked", state };
}

export function notStored(scan: KeptScan, detail: string): KeptScan {
  return { ...scan, state: { kind: "not_stored", detail } };
}

function toSent({ scanId, code, at, clockError, place, reward }: KeptScan, watched?: Watched): SentScan {
  const isNow = watched?.isNew === true && scanId === watched.scanId;
  return { scanId, code, at: isNow ? undefined : at + clockError, place, reward };
}

const isAboutKey = (status: number) => status === 401 || status === 403;

function troubleOf(answer: Exclude<Answer<unknown>, { kind: "ok" }>): Trouble {
  if (answer.kind === "unreachable") return answer;
  const { status, code, detail } = answer;
  return { kind: isAboutKey(status) ? "key" : "refused", status, code, detail };
}
