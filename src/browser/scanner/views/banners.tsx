/**
 * What a person has to know before the next scan: no network, a key that has ended, scans to look at.
 */
import type { ComponentChildren } from "preact";
import type { Controller } from "../controller.ts";
import { BANNER, conflictsWords, keptWords, waitWords } from "../page-words.ts";
import { isOffline, keyRefusal, type ScannerState } from "../state.ts";
import { keyWords, OFFLINE_NOTE, UNREACHABLE_WORDS } from "../trouble-words.ts";

interface BannersProps {
  readonly state: ScannerState;
  readonly controller: Controller;
}

export function Banners({ state, controller }: BannersProps) {
  const { sender, log, storage, isKeyKept } = state;
  const refusal = keyRefusal(state);
  return (
    <div class="banners">
      {refusal !== undefined && (
        <Banner kind="problem" title={keyWords(refusal).title}>
          <p>
            {keyWords(refusal).detail} {keptWords(sender.waiting)}
          </p>
          <a class="button small" href="#/settings">
            {BANNER.newKey}
          </a>
        </Banner>
      )}
      {refusal === undefined && isOffline(state) && (
        <Banner kind="offline" title={offlineWords(state)}>
          {!state.isNoteRead && (
            <>
              <p>{OFFLINE_NOTE}</p>
              <button type="button" class="small" onClick={() => controller.dispatch({ kind: "note_read" })}>
                {BANNER.understood}
              </button>
            </>
          )}
        </Banner>
      )}
      {sender.trouble?.kind === "refused" && (
        <Banner kind="problem" title={BANNER.refused(sender.trouble.detail)} />
      )}
      {storage === "unavailable" && <Banner kind="problem" title={BANNER.unavailable} />}
      {storage !== "unavailable" && sender.trouble?.kind === "storage" && (
        <Banner kind="problem" title={BANNER.storage} />
      )}
      {!isKeyKept && <Banner kind="offline" title={BANNER.keyNotKept} />}
      {log.conflicts.length > 0 && (
        <a class="banner conflicts" href="#/conflicts">
          {conflictsWords(log.conflicts.length)}
        </a>
      )}
    </div>
  );
}

function offlineWords({ sender: { trouble, waiting } }: ScannerState): string {
  const reason = trouble?.kind === "unreachable" ? trouble.reason : "network";
  return [UNREACHABLE_WORDS[reason], waitWords(waiting)].filter((text) => text !== "").join(" ");
}

interface BannerProps {
  readonly kind: "problem" | "offline";
  readonly title: string;
  readonly children?: ComponentChildren;
}

function Banner({ kind, title, children }: BannerProps) {
  return (
    <section class={`banner ${kind}`} role="status">
      <p class="banner-title">{title}</p>
      {children}
    </section>
  );
}
