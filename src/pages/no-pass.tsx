/**
 * The pages for a link that is not opened: because it does not lead to a pass (it is mistyped, or the pass was deleted; the
 * page does not reveal the reason), or because too many links were guessed from the visitor's network.
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

/** The whole document. */
export function TryAgain() {
  return (
    <Page title="Try again in a minute">
      <main>
        <h1>Try again in a minute</h1>
        <p class="hint">
          Someone on your network has opened many links that do not exist. Your pass is safe. Open this link
          again in a minute, or use another network, such as mobile data.
        </p>
      </main>
    </Page>
  );
}
