/**
 * The page at the root: says what runs here, and nothing about whom it serves.
 */
import { Page } from "./page.tsx";

/** Names the service and nothing else. */
export function Home() {
  return (
    <Page title="Edgepass">
      <main>
        <h1>Edgepass</h1>
        <p class="hint">This is a Wallet pass service. Passes come by the link that their issuer gave you.</p>
      </main>
    </Page>
  );
}
