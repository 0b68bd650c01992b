/**
 * For somebody without a key: what this page is, and where a key comes from.
 */
import { useState } from "preact/hooks";
import type { Controller } from "../controller.ts";
import { keptWords, SIGN_IN } from "../page-words.ts";
import { readKeyText, type Session } from "../session.ts";
import type { ScannerState } from "../state.ts";
import { CameraView } from "./camera.tsx";

interface SignInProps {
  readonly state: ScannerState;
  readonly controller: Controller;
}

export function SignIn({ state, controller }: SignInProps) {
  const { waiting } = state.sender;
  return (
    <main class="text-page">
      <h1 tabIndex={-1}>{SIGN_IN.title}</h1>
      <p class="lead">{SIGN_IN.intro}</p>
      <ol class="steps">
        {SIGN_IN.steps.map((step) => (
          <li key={step}>{step}</li>
        ))}
      </ol>
      {waiting > 0 && <p>{keptWords(waiting)}</p>}
      <KeyCamera state={state} controller={controller} />
      <h2>{SIGN_IN.orType}</h2>
      <KeyForm onSignIn={controller.signIn} />
    </main>
  );
}

/** Reads the QR code of a key: a page on the home screen of an iPhone shares nothing with the browser that the code opens. */
export function KeyCamera({ state, controller }: SignInProps) {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <section class="key-camera">
      {isOpen ? (
        <CameraView state={state} controller={controller} />
      ) : (
        <button type="button" class="button" onClick={() => setIsOpen(true)}>
          {SIGN_IN.readHere}
        </button>
      )}
    </section>
  );
}

/** Also takes the link of a key. */
export function KeyForm({ onSignIn }: { readonly onSignIn: (session: Session) => void }) {
  const [text, setText] = useState("");
  const [isWrong, setIsWrong] = useState(false);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        const session = readKeyText(text);
        setIsWrong(session === undefined);
        if (session !== undefined) onSignIn(session);
      }}
    >
      <label for="key">{SIGN_IN.key}</label>
      <input
        id="key"
        type="text"
        autocomplete="off"
        autocapitalize="none"
        spellcheck={false}
        aria-describedby="key-hint"
        aria-invalid={isWrong}
        value={text}
        onInput={(event) => setText(event.currentTarget.value)}
      />
      <p id="key-hint" class="hint">
        {isWrong ? SIGN_IN.wrongFormat : SIGN_IN.keyHint}
      </p>
      <button type="submit" class="wide">
        {SIGN_IN.submit}
      </button>
    </form>
  );
}
