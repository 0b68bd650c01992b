/**
 * The scanner, the page at /scan.
 */
import { render } from "preact";
import "./scanner.css";
import { App } from "./app.tsx";
import { keepForOffline } from "./offline.ts";
import { startScanner } from "./start-scanner.ts";

const app = document.querySelector("#app");
const controller = await startScanner();
if (app !== null) render(<App controller={controller} />, app);
// The address of this script tells the service worker which version of the page has started.
void keepForOffline(new URL(import.meta.url).pathname);
