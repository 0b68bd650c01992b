/**
 * A page for pictures: it shows the scanner in the state that its address names, or a list of all states. Nothing on it works. It is never shipped:
 * test/chromium/scanner-screens.ts bundles it.
 */
import { render } from "preact";
import "../../../src/browser/scanner/scanner.css";
import { Screen } from "../../../src/browser/scanner/app.tsx";
import type { Controller } from "../../../src/browser/scanner/controller.ts";
import type { ScannerState } from "../../../src/browser/scanner/state.ts";
import { SCREENS } from "./screen-states.ts";

const nothing = () => {};
const controllerOf = (state: ScannerState): Controller => ({
  state: () => state,
  subscribe: () => nothing,
  dispatch: nothing,
  signIn: nothing,
  start: nothing,
  setPlace: nothing,
  forgetKey: async () => {},
  set: nothing,
  scan: nothing,
  close: nothing,
  act: async () => {},
  lookedAt: async () => {},
  showCamera: nothing,
  retryCamera: async () => {},
  setTorch: nothing,
});

const app = document.querySelector("#app");

function show(search: string): void {
  if (app === null) return;
  const parameters = new URLSearchParams(search);
  const shown = SCREENS[parameters.get("screen") ?? ""];
  render(null, app);
  if (shown === undefined) {
    render(<List />, app);
    return;
  }
  const settings = {
    ...shown.settings,
    ...(parameters.get("hand") === "left" ? ({ hand: "left" } as const) : {}),
    ...(parameters.get("text") === "largest" ? ({ text: "largest" } as const) : {}),
  };
  const state = { ...shown, settings };
  render(<Screen state={state} controller={controllerOf(state)} />, app);
}

function List() {
  return (
    <ul>
      {Object.keys(SCREENS).map((name) => (
        <li key={name}>
          <a href={`?screen=${name}`}>{name}</a>
        </li>
      ))}
    </ul>
  );
}

show(location.search);

/** Shows a state without loading the page again, for pictures of many states. Resolves once it is drawn. */
async function showScreen(search: string): Promise<void> {
  show(search);
  scrollTo(0, 0);
  for (let frame = 0; frame < 2; frame++) await new Promise(requestAnimationFrame);
}
Object.assign(globalThis, { showScreen });
