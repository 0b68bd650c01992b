/**
 * A scanner at a gate or a till, as a client with verbs.
 */
import type { ScanResult } from "../../src/scans/outcomes.ts";
import { call } from "../harness.ts";

export interface SentScan {
  readonly code: string;
  readonly scanId?: string;
  readonly at?: string;
  readonly place?: string;
  readonly reward?: boolean;
}

export const newScanId = () => crypto.randomUUID();

export const scanner = {
  /** Sends one scan, under a new id if it has none. Throws on anything but 200. */
  async scan(code: string, more: Omit<SentScan, "code"> = {}): Promise<ScanResult> {
    const [result] = await this.send([{ code, ...more }]);
    if (result === undefined) throw new Error("an answer without a result");
    return result;
  },
  /** Sends several scans in one request. */
  async send(scans: readonly SentScan[]): Promise<ScanResult[]> {
    const body = { scans: scans.map((scan) => ({ scanId: newScanId(), ...scan })) };
    const answer = await call<{ results: ScanResult[] }>("POST", "/scans", body);
    if (answer.status !== 200) throw new Error(`${answer.status}: ${JSON.stringify(answer.body)}`);
    return answer.body.results;
  },
  undo: (scanId: string) => call<ScanResult & { code?: string }>("POST", `/scans/${scanId}/undo`),
};
