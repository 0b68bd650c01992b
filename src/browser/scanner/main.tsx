/**
 * The scanner, the page at /scan.
 */
import { render } from "preact";
import "./scanner.css";
import { keepForOffline } from "./offline.ts";

function Scanner() {
  return (
    <main>
      <h1>Scanner</h1>
      <p>This page will scan passes at a gate or a counter.</p>
    </main>
  );
}

const app = document.querySelector("#app");
if (app !== null) render(<Scanner />, app);
// The address of this script tells the service worker which version of the page has started.
void keepForOffline(new URL(import.meta.url).pathname);
