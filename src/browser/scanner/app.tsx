/**
 * The page as a whole: which view is shown, the answer over it, what screen readers announce, and the keys of a keyboard.
 */
import { useEffect, useState } from "preact/hooks";
import { useHeadingFocus } from "../heading-focus.ts";
import type { Controller } from "./controller.ts";
import { keyRefusal, type ScannerState } from "./state.ts";
import { verdictOf } from "./verdict.ts";
import { Answer } from "./views/answer.tsx";
import { useAnswerFocus } from "./views/focus.ts";
import { Conflicts, Recent } from "./views/lists.tsx";
import { Scan } from "./views/scan.tsx";
import { useOneTap } from "./views/second-tap.ts";
import { SettingsView } from "./views/settings.tsx";
import { SignIn } from "./views/sign-in.tsx";
import { Start } from "./views/start.tsx";

/** Follows the controller. */
export function App({ controller }: { readonly controller: Controller }) {
  const [state, setState] = useState(controller.state());
  useEffect(() => controller.subscribe(() => setState(controller.state())), [controller]);
  return <Screen state={state} controller={controller} />;
}

interface ScreenProps {
  readonly state: ScannerState;
  readonly controller: Controller;
}

export function Screen({ state, controller }: ScreenProps) {
  const { answer, earlier, now, settings, message } = state;
  const verdict = answer === null ? null : verdictOf(answer, now, earlier, keyRefusal(state));
  const page = useHeadingFocus(pageOf(state));
  const region = useAnswerFocus(answer?.scanId);
  useOneTap(answer?.scanId);
  useEffect(() => {
    document.documentElement.className = `hand-${settings.hand} size-${settings.text}`;
  }, [settings.hand, settings.text]);
  return (
    <>
      <p class="unseen" role="alert">
        {verdict === null ? "" : [verdict.title, verdict.detail].filter(Boolean).join(". ")}
      </p>
      <div ref={page} class="page" inert={verdict !== null}>
        <Page state={state} controller={controller} />
      </div>
      <p class="message" role="status">
        {message !== null && <span key={message.number}>{message.text}</span>}
      </p>
      {verdict !== null && answer !== null && (
        <Answer
          key={answer.scanId}
          region={region}
          verdict={verdict}
          onNext={controller.close}
          onAction={(action) => void controller.act(action, answer)}
        />
      )}
    </>
  );
}

function pageOf({ session, isStarted, view }: ScannerState): string {
  return session === undefined ? "sign_in" : isStarted ? view : "start";
}

function Page({ state, controller }: ScreenProps) {
  const { session, isStarted, view } = state;
  if (session === undefined) return <SignIn state={state} controller={controller} />;
  if (!isStarted) return <Start key={session.key} state={state} controller={controller} />;
  switch (view) {
    case "scan":
      return <Scan state={state} controller={controller} />;
    case "recent":
      return <Recent state={state} controller={controller} />;
    case "conflicts":
      return <Conflicts state={state} controller={controller} />;
    case "settings":
      return <SettingsView state={state} controller={controller} />;
  }
}
