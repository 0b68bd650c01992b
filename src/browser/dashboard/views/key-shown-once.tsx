/**
 * The key that was just made. It is on this page only once: it can be copied, or printed for the wall of a gate.
 */
import { useRef, useState } from "preact/hooks";
import type { MadeKey } from "../admin-answers.ts";
import { hrefOf } from "../route.ts";
import { whenWords } from "../words.ts";

interface KeyShownOnceProps {
  readonly made: MadeKey;
  readonly place: string;
  readonly onAnother: () => void;
}

export function KeyShownOnce({ made, place, onAnother }: KeyShownOnceProps) {
  const { name, role, key, expiresAt, scanner } = made;
  const ends = expiresAt === null ? "Never ends" : `Ends ${whenWords(expiresAt, Date.now())}`;
  return (
    <section class="key-card">
      <h1 tabIndex={-1}>{name}</h1>
      <p class="lead">{[place === name ? "" : place, ends].filter((fact) => fact !== "").join(" · ")}</p>
      {scanner === undefined ? (
        <p class="unprinted">A key with the role {role}. It is shown only now: copy it.</p>
      ) : (
        <>
          <img
            src={scanner.qrCode}
            alt={`QR code of the scanner's link for ${name}`}
            width="280"
            height="280"
          />
          <p>Open the camera of the phone, and hold it at this code. Then tap the link.</p>
          <p class="hint">The code is the key: nobody else should take a picture of it.</p>
          <p class="unprinted">It is shown only now: print it, or open it with the phone.</p>
        </>
      )}
      <div class="copies unprinted">
        {scanner !== undefined && <CopyField id="link" label="Link" text={scanner.url} />}
        <CopyField id="made-key" label="Key" text={key} />
      </div>
      <div class="actions unprinted">
        <button type="button" class="solid" onClick={() => print()}>
          Print
        </button>
        <button type="button" onClick={onAnother}>
          Another key
        </button>
        <a class="as-button" href={hrefOf("keys")}>
          Done
        </a>
      </div>
    </section>
  );
}

interface CopyFieldProps {
  readonly id: string;
  readonly label: string;
  readonly text: string;
}

function CopyField({ id, label, text }: CopyFieldProps) {
  const [isCopied, setIsCopied] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  const copy = async () => {
    field.current?.select();
    try {
      await navigator.clipboard.writeText(text);
      setIsCopied(true);
    } catch {
      // Without the permission the text is selected, and can be copied by hand.
    }
  };
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <div class="row">
        <input
          ref={field}
          id={id}
          type="text"
          readOnly
          value={text}
          onFocus={() => field.current?.select()}
        />
        <button type="button" aria-label={`Copy the ${label.toLowerCase()}`} onClick={() => void copy()}>
          {isCopied ? "Copied" : "Copy"}
        </button>
      </div>
    </div>
  );
}
