/**
 * Where a person scans: the camera, what was scanned last, and the buttons in reach of the thumb.
 */

import { keyEndWords, scopeWords } from "../../key-words.ts";
import type { Controller } from "../controller.ts";
import { counterWords, SCAN } from "../page-words.ts";
import type { ScannerState } from "../state.ts";
import { Banners } from "./banners.tsx";
import { CameraView } from "./camera.tsx";
import { ScanRow } from "./scan-row.tsx";
import { Icon } from "./signs.tsx";
import { TypeCode } from "./type-code.tsx";

interface ScanProps {
  readonly state: ScannerState;
  readonly controller: Controller;
}

export function Scan({ state, controller }: ScanProps) {
  const { session, key, now, last, isTyping, camera } = state;
  const isFailed = !["off", "starting", "running"].includes(camera.kind);
  const torch = camera.kind === "running" ? camera.torch : "none";
  return (
    <main class="scan">
      <div class="above">
        <header class="top">
          <h1 class="unseen" tabIndex={-1}>
            {SCAN.title}
          </h1>
          <a class="place" href="#/settings">
            <Icon name="place" />
            <span dir="auto">{session?.place ?? SCAN.noPlace}</span>
            <span class="unseen">, {SCAN.changePlace}</span>
          </a>
          {key.kind === "known" && (
            <p class="scope">
              {[scopeWords(key.me, now), keyEndWords(key.me, now)].filter(Boolean).join(" · ")}
            </p>
          )}
        </header>
        <Banners state={state} controller={controller} />
      </div>
      <CameraView state={state} controller={controller} />
      <div class="below">
        {(isTyping || isFailed) && (
          <TypeCode
            hasFocus={isTyping}
            onCode={controller.scan}
            onClose={isFailed ? undefined : () => controller.dispatch({ kind: "typing", isTyping: false })}
          />
        )}
        <Counter state={state} />
        <section class="last" aria-label={SCAN.lastScan}>
          {last !== null && (
            <ScanRow
              scan={last}
              now={now}
              isNewest
              onAction={(action) => void controller.act(action, last)}
            />
          )}
        </section>
      </div>
      <nav class="bar" aria-label={SCAN.menu}>
        <button
          type="button"
          aria-pressed={torch === "on"}
          disabled={torch === "none"}
          onClick={() => controller.setTorch(torch !== "on")}
        >
          <Icon name="light" />
          {SCAN.light}
        </button>
        <button
          type="button"
          aria-expanded={isTyping || isFailed}
          onClick={() => controller.dispatch({ kind: "typing", isTyping: !isTyping })}
        >
          <Icon name="type" />
          {SCAN.type}
        </button>
        <a href="#/recent">
          <Icon name="list" />
          {SCAN.list}
        </a>
        <a href="#/settings">
          <Icon name="settings" />
          {SCAN.settings}
        </a>
      </nav>
    </main>
  );
}

function Counter({ state: { log } }: { readonly state: ScannerState }) {
  const { go, turnedAway, byTally } = log.counts ?? { go: 0, turnedAway: 0, byTally: { waiting: 0 } };
  return <p class="counter">{counterWords(go, turnedAway, byTally.waiting)}</p>;
}
