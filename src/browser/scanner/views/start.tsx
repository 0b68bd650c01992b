/**
 * After signing in: where this phone is. The tap on Start also lets the page play sounds and ask for the camera.
 */
import { useState } from "preact/hooks";
import { MAX_CHARACTERS } from "../../../limits.ts";
import { keyEndWords, scopeWords } from "../../key-words.ts";
import type { Controller } from "../controller.ts";
import { keptWords, START } from "../page-words.ts";
import { toPlace } from "../session.ts";
import { keyRefusal, type ScannerState } from "../state.ts";
import { keyWords } from "../trouble-words.ts";
import { KeyCamera, KeyForm } from "./sign-in.tsx";

interface StartProps {
  readonly state: ScannerState;
  readonly controller: Controller;
}

export function Start({ state, controller }: StartProps) {
  const [place, setPlace] = useState(state.session?.place ?? "");
  const refusal = keyRefusal(state);
  if (refusal !== undefined) {
    const { title, detail } = keyWords(refusal);
    return (
      <main class="text-page">
        <h1 tabIndex={-1}>{title}</h1>
        <p class="lead" role="alert">
          {detail} {state.sender.waiting > 0 && keptWords(state.sender.waiting)}
        </p>
        <KeyCamera state={state} controller={controller} />
        <KeyForm onSignIn={controller.signIn} />
      </main>
    );
  }
  return (
    <main class="text-page">
      <h1 tabIndex={-1}>{START.title}</h1>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          controller.start(toPlace(place));
        }}
      >
        <label for="place">{START.place}</label>
        <input
          id="place"
          type="text"
          autocomplete="off"
          maxLength={MAX_CHARACTERS.place}
          aria-describedby="place-hint"
          value={place}
          onInput={(event) => setPlace(event.currentTarget.value)}
        />
        <p id="place-hint" class="hint">
          {START.placeHint}
        </p>
        <KeyFacts state={state} />
        <button type="submit" class="button">
          {START.submit}
        </button>
        <p class="hint">{START.cameraNote}</p>
      </form>
    </main>
  );
}

/** What the key scans, and until when. */
export function KeyFacts({ state: { key, now } }: { readonly state: ScannerState }) {
  if (key.kind !== "known") return null;
  const end = keyEndWords(key.me, now);
  return (
    <dl class="key-facts">
      <dt>{START.scans}</dt>
      <dd>
        {scopeWords(key.me, now)}
        {end !== "" && <span class="hint">{end}</span>}
      </dd>
    </dl>
  );
}
