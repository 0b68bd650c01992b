/**
 * The last scans of this phone, and the scans that somebody has to look at.
 */
import type { Controller } from "../controller.ts";
import { CONFLICTS, RECENT } from "../page-words.ts";
import type { ScannerState } from "../state.ts";
import { Banners } from "./banners.tsx";
import { Heading } from "./heading.tsx";
import { ScanRow } from "./scan-row.tsx";

interface ListProps {
  readonly state: ScannerState;
  readonly controller: Controller;
}

export function Recent({ state, controller }: ListProps) {
  const { recent } = state.log;
  return (
    <main class="text-page list-page">
      <Heading title={RECENT.title} />
      <Banners state={state} controller={controller} />
      {recent.length === 0 ? <p class="empty">{RECENT.empty}</p> : <p class="hint">{RECENT.note}</p>}
      <ol class="scans">
        {recent.map((scan) => (
          <li key={scan.scanId}>
            <ScanRow
              scan={scan}
              now={state.now}
              isNewest={recent.find(({ code }) => code === scan.code) === scan}
              onAction={(action) => void controller.act(action, scan)}
            />
          </li>
        ))}
      </ol>
    </main>
  );
}

export function Conflicts({ state, controller }: ListProps) {
  const { conflicts } = state.log;
  return (
    <main class="text-page list-page">
      <Heading title={CONFLICTS.title} />
      {conflicts.length === 0 ? <p class="empty">{CONFLICTS.empty}</p> : <p>{CONFLICTS.intro}</p>}
      <ol class="scans">
        {conflicts.map((scan) => (
          <li key={scan.scanId} class="is-conflict">
            <ScanRow scan={scan} now={state.now}>
              <p class="hint">
                {CONFLICTS.saw[scan.shown]}. {CONFLICTS.says}:
              </p>
            </ScanRow>
            <button type="button" class="small" onClick={() => void controller.lookedAt([scan])}>
              {CONFLICTS.looked}
            </button>
          </li>
        ))}
      </ol>
      {conflicts.length > 1 && (
        <button type="button" class="button" onClick={() => void controller.lookedAt(conflicts)}>
          {CONFLICTS.lookedAll}
        </button>
      )}
    </main>
  );
}
