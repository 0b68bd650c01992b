/**
 * What a scan of the passes does.
 */
import { useRef } from "preact/hooks";
import type { JsonObject } from "../../../../json.ts";
import { FindingNotes } from "../check/finding-notes.tsx";
import type { PanelProps } from "../panel.ts";
import { AddFields } from "./scan-add-fields.tsx";
import { actionOf, newRule, ruleWords, SCAN_ACTIONS, type ScanAction } from "./scan-draft.ts";

export function ScanPanel({ draft, edit, findings }: PanelProps) {
  const { scan, pass } = draft;
  const action = actionOf(scan);
  // If somebody looks at another choice and comes back, the numbers are as they were.
  const before = useRef<JsonObject | null>(null);
  const choose = (chosen: ScanAction) => {
    if (chosen === action) return;
    if (action === "add") before.current = scan;
    edit({ scan: chosen === "add" ? (before.current ?? newRule(chosen, pass)) : newRule(chosen, pass) });
  };
  return (
    <div class="form">
      <fieldset class="scan-choices">
        <legend>A scan of a pass</legend>
        {SCAN_ACTIONS.map(([each, label, hint]) => (
          <label key={each} class="check">
            <input type="radio" name="scan-action" checked={action === each} onChange={() => choose(each)} />
            <span>
              {label}
              <span class="hint">{hint}</span>
            </span>
          </label>
        ))}
      </fieldset>
      <FindingNotes findings={findings.filter(({ pointer }) => pointer === "/scan")} pointer="/scan" />
      <FindingNotes findings={findings} pointer="/scan/action" />
      {action === "add" && (
        <AddFields
          rule={scan ?? {}}
          pass={pass}
          onChange={(rule) => edit({ scan: rule })}
          findings={findings}
        />
      )}
      <p class="rule-words" role="status">
        {ruleWords(scan, pass)}
      </p>
    </div>
  );
}
