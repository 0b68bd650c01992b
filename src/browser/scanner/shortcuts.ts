/**
 * The keys of a keyboard, for a till without a touch screen: Enter is Next, U undoes, and so on (page-words.ts has the list).
 */
import type { Controller } from "./controller.ts";
import type { ScannerState } from "./state.ts";
import { verdictOf } from "./verdict.ts";

/** A key that a person has pressed outside of a field, and that is no part of a scanned code. */
export function onShortcut(key: string, controller: Controller): void {
  const state = controller.state();
  const { answer, last, view, isStarted } = state;
  if (!isStarted) return;
  switch (key.toLowerCase()) {
    case "u": {
      const scan = answer ?? last;
      if (scan !== null) void controller.act("undo", scan);
      return;
    }
    case "y":
      if (answer !== null && isQuestion(state)) void controller.act("reward", answer);
      return;
    case "n":
      if (isQuestion(state)) controller.close();
      return;
    case "t":
      if (view === "scan" && answer === null) controller.dispatch({ kind: "typing", isTyping: true });
      return;
    case "l":
      if (state.camera.kind === "running") controller.setTorch(state.camera.torch === "off");
      return;
  }
}

/** Enter and Escape, which no scanned code has used. */
export function onKeyDown(event: KeyboardEvent, controller: Controller): void {
  // A key that is held down would close an answer that nobody has seen.
  if (event.defaultPrevented || event.isComposing || event.repeat) return;
  const state = controller.state();
  const isControl =
    event.target instanceof Element && event.target.closest("a, button, input, select, summary") !== null;
  if (event.key === "Enter" && !isControl && state.answer !== null && !isQuestion(state)) controller.close();
  if (event.key !== "Escape") return;
  if (state.answer !== null) controller.close();
  else if (state.isTyping) controller.dispatch({ kind: "typing", isTyping: false });
  else if (state.view !== "scan") location.hash = "";
}

function isQuestion({ answer, now }: ScannerState): boolean {
  return answer !== null && verdictOf(answer, now).tone === "ask";
}
