/**
 * A scan in a list: its sign, its answer, which pass, when and where; and Undo or the
 * reward while that is possible.
 */
import type { ComponentChildren } from "preact";
import { timeWords } from "../../times.ts";
import { ANSWER } from "../page-words.ts";
import type { KeptScan } from "../scan.ts";
import { type VerdictAction, verdictOf } from "../verdict.ts";
import { SignOf } from "./signs.tsx";

interface ScanRowProps {
  readonly scan: KeptScan;
  readonly now: number;
  /** Whether it is the newest scan of its code. Otherwise a later scan has answered its question. */
  readonly isNewest?: boolean;
  readonly onAction?: (action: VerdictAction) => void;
  /** Above the answer. */
  readonly children?: ComponentChildren;
}

export function ScanRow({ scan, now, isNewest = false, onAction, children }: ScanRowProps) {
  const { tone, sign, title, detail, pass, actions } = verdictOf(scan, now);
  // A number without its label says nothing.
  const first = pass?.fields.find(({ value }) => /\p{L}/u.test(value));
  const facts = [timeWords(scan.at, now), scan.place, pass?.name, first?.value];
  const offered =
    onAction === undefined
      ? []
      : actions.filter((action) => action === "undo" || (action === "reward" && isNewest));
  return (
    <div class={`scan-row tone-${tone} is-${sign}`}>
      <SignOf sign={sign} />
      <div class="scan-words">
        {children}
        <p class="scan-title">{title}</p>
        {detail !== "" && (
          <p class="scan-detail" dir="auto">
            {detail}
          </p>
        )}
        <p class="hint">
          {facts.filter((fact) => fact !== null && fact !== undefined && fact !== "").join(" · ")}
        </p>
      </div>
      {offered.map((action) => (
        <button key={action} type="button" class="small" onClick={() => onAction?.(action)}>
          {action === "undo" ? ANSWER.undo : ANSWER.rewardLater}
          <span class="unseen">
            {" "}
            {title}, {timeWords(scan.at, now)}
          </span>
        </button>
      ))}
    </div>
  );
}
