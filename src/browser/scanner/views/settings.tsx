/**
 * Settings: the place, how the page looks and sounds on this phone, and the key.
 */
import { useState } from "preact/hooks";
import { MAX_CHARACTERS } from "../../../limits.ts";
import type { Controller } from "../controller.ts";
import { BANNER, SETTINGS, SIGN_IN } from "../page-words.ts";
import { toPlace } from "../session.ts";
import { keyRefusal, type ScannerState } from "../state.ts";
import { OFFLINE_NOTE } from "../trouble-words.ts";
import { Banners } from "./banners.tsx";
import { Check, Choice, Select } from "./fields.tsx";
import { Heading } from "./heading.tsx";
import { KeyForm } from "./sign-in.tsx";
import { KeyFacts } from "./start.tsx";

interface SettingsViewProps {
  readonly state: ScannerState;
  readonly controller: Controller;
}

export function SettingsView({ state, controller }: SettingsViewProps) {
  const { settings, storage } = state;
  const { set } = controller;
  return (
    <main class="text-page settings">
      <Heading title={SETTINGS.title} />
      <Banners state={state} controller={controller} />
      <PlaceForm
        place={state.session?.place ?? ""}
        onSave={(place) => {
          controller.setPlace(place);
          controller.dispatch({ kind: "said", text: SETTINGS.saved });
        }}
      />
      <Choice
        legend={SETTINGS.hand}
        options={SETTINGS.hands}
        value={settings.hand}
        onChange={(hand) => set({ hand })}
      />
      <Choice
        legend={SETTINGS.text}
        options={SETTINGS.texts}
        value={settings.text}
        onChange={(text) => set({ text })}
      />
      <fieldset>
        <legend>{SETTINGS.signals}</legend>
        <Check label={SETTINGS.sound} checked={settings.sound} onChange={(sound) => set({ sound })} />
        <Check
          label={SETTINGS.vibration}
          checked={settings.vibration}
          onChange={(vibration) => set({ vibration })}
        />
        <Check label={SETTINGS.stay} checked={settings.stay} onChange={(stay) => set({ stay })} />
      </fieldset>
      <CameraChoice state={state} controller={controller} />
      <section>
        <h2>{SETTINGS.offline}</h2>
        <p>{OFFLINE_NOTE}</p>
        {storage === "may_be_deleted" && <p>{BANNER.mayBeDeleted}</p>}
      </section>
      <KeySection state={state} controller={controller} />
      <section class="shortcuts">
        <h2>{SETTINGS.shortcuts}</h2>
        <dl>
          {SETTINGS.shortcutList.map(([key, meaning]) => (
            <div key={key}>
              <dt>{key}</dt>
              <dd>{meaning}</dd>
            </div>
          ))}
        </dl>
      </section>
    </main>
  );
}

/** The cameras are known once one of them has run. */
function CameraChoice({ state: { cameras, settings }, controller }: SettingsViewProps) {
  if (cameras.length < 2) return null;
  const options = cameras.map(({ id, label }, index) => ({
    value: id,
    text: label === "" ? SETTINGS.cameraNumber(index + 1) : label,
  }));
  return (
    <Select
      label={SETTINGS.camera}
      options={[{ value: "", text: SETTINGS.mainCamera }, ...options]}
      value={settings.cameraId}
      onChange={(cameraId) => controller.set({ cameraId })}
    />
  );
}

function PlaceForm({
  place,
  onSave,
}: {
  readonly place: string;
  readonly onSave: (place: string | null) => void;
}) {
  const [text, setText] = useState(place);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        onSave(toPlace(text));
      }}
    >
      <label for="place">{SETTINGS.place}</label>
      <div class="row">
        <input
          id="place"
          type="text"
          autocomplete="off"
          maxLength={MAX_CHARACTERS.place}
          value={text}
          onInput={(event) => setText(event.currentTarget.value)}
        />
        <button type="submit" class="solid">
          {SETTINGS.save}
        </button>
      </div>
    </form>
  );
}

function KeySection({ state, controller }: SettingsViewProps) {
  const { forgetAsked } = state;
  return (
    <section>
      <h2>{SETTINGS.key}</h2>
      <KeyFacts state={state} />
      {forgetAsked === null ? (
        <button type="button" class="danger" onClick={() => void controller.forgetKey(false)}>
          {SETTINGS.forget}
        </button>
      ) : (
        <div class="confirm" role="alert">
          <p>{SETTINGS.forgetWaiting(forgetAsked)}</p>
          <button type="button" class="danger" onClick={() => void controller.forgetKey(true)}>
            {SETTINGS.forgetConfirm}
          </button>
          <button
            type="button"
            class="solid"
            onClick={() => controller.dispatch({ kind: "forget_asked", waiting: null })}
          >
            {SETTINGS.keep}
          </button>
        </div>
      )}
      <details open={keyRefusal(state) !== undefined}>
        <summary>{SIGN_IN.newKey}</summary>
        <p>{SIGN_IN.another}</p>
        <KeyForm onSignIn={controller.signIn} />
      </details>
    </section>
  );
}
