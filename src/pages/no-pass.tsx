/**
 * The page behind a link that opens no pass: mistyped, or its pass was deleted. It does not say which.
 */
import { Page } from "./page.tsx";

/** Says so, and what can be done. */
export function NoPass() {
  return (
    <Page title="No pass here">
      <main>
        <h1>No pass here</h1>
        <p class="hint">
          This link opens no pass. It may be mistyped, or the pass was deleted. Ask whoever gave it to you.
        </p>
      </main>
    </Page>
  );
}
