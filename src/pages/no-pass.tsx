/**
 * The page for a link that does not lead to a pass, because it is mistyped or the pass was deleted. The page does not
 * reveal the reason.
 */
import { Page } from "./page.tsx";

/** The whole document. */
export function NoPass() {
  return (
    <Page title="Pass not found">
      <main>
        <h1>Pass not found</h1>
        <p class="hint">
          This link does not open a pass. It may be mistyped, or the pass may have been deleted. Ask the
          sender for a new link.
        </p>
      </main>
    </Page>
  );
}
