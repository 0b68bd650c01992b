/**
 * A question before what cannot be undone, or what many people notice.
 */
import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { focusOn } from "../../heading-focus.ts";

interface ConfirmProps {
  /** The text of the button that asks. */
  readonly label: string;
  /** The question, with what will happen. */
  readonly question: string;
  readonly confirm: string;
  readonly isBusy: boolean;
  readonly onConfirm: () => void;
  readonly isDanger?: boolean;
  /** The name of the button for screen readers, such as "Revoke Gate 2". */
  readonly name?: string;
  /** A field that belongs to the question. */
  readonly children?: ComponentChildren;
}

/**
 * A button that asks first. The focus goes to the question, and not to its first button: a key that is held down must not confirm it.
 * Afterwards the focus returns to this button.
 */
export function ConfirmButton(props: ConfirmProps) {
  const { label, question, confirm, isBusy, onConfirm, isDanger = true, name = label, children } = props;
  const [isAsking, setIsAsking] = useState(false);
  const opener = useRef<HTMLButtonElement>(null);
  const group = useRef<HTMLFieldSetElement>(null);
  const wasAsking = useRef(false);
  useLayoutEffect(() => {
    if (isAsking) focusOn(group.current);
    else if (wasAsking.current) focusOn(opener.current);
    wasAsking.current = isAsking;
  }, [isAsking]);
  const tone = isDanger ? "danger" : "";
  if (!isAsking) {
    return (
      <button
        ref={opener}
        type="button"
        class={tone}
        aria-label={name}
        // A disabled button would lose the focus.
        aria-disabled={isBusy}
        onClick={() => setIsAsking(!isBusy)}
      >
        {label}
      </button>
    );
  }
  return (
    <fieldset
      ref={group}
      tabIndex={-1}
      class={isDanger ? "confirm is-danger" : "confirm"}
      onKeyDown={(event) => {
        if (event.key === "Escape") setIsAsking(false);
      }}
    >
      <legend>{question}</legend>
      {children}
      <div class="actions">
        <button
          type="button"
          class={isDanger ? "danger" : "solid"}
          onClick={() => {
            setIsAsking(false);
            onConfirm();
          }}
        >
          {confirm}
        </button>
        <button type="button" onClick={() => setIsAsking(false)}>
          Cancel
        </button>
      </div>
    </fieldset>
  );
}
