/**
 * The page at `/`: names the software, and does not reveal the organization that runs it.
 */
import { Page } from "./page.tsx";

/** The whole document. */
export function Home() {
  return (
    <Page title="Edgepass">
      <main>
        <h1>Edgepass</h1>
        <p class="hint">
          This server issues passes for Apple Wallet. To get a pass, open the link that you received from its
          issuer.
        </p>
      </main>
    </Page>
  );
}
