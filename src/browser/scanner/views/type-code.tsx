/**
 * A code that is typed by hand, such as the text below a barcode.
 */
import { useEffect, useRef, useState } from "preact/hooks";
import { MAX_CHARACTERS } from "../../../limits.ts";
import { SCAN } from "../page-words.ts";

interface TypeCodeProps {
  readonly hasFocus: boolean;
  readonly onCode: (code: string) => void;
  /** Undefined: there is no other way to scan, so it stays. */
  readonly onClose: (() => void) | undefined;
}

export function TypeCode({ hasFocus, onCode, onClose }: TypeCodeProps) {
  const [code, setCode] = useState("");
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (hasFocus) field.current?.focus();
  }, [hasFocus]);
  return (
    <form
      class="type-code"
      onSubmit={(event) => {
        event.preventDefault();
        if (code.trim() === "") return;
        onCode(code.trim());
        setCode("");
      }}
    >
      <label for="code">{SCAN.code}</label>
      <div class="row">
        <input
          id="code"
          ref={field}
          type="text"
          autocomplete="off"
          autocapitalize="none"
          spellcheck={false}
          enterKeyHint="go"
          maxLength={MAX_CHARACTERS.scannedCode}
          aria-describedby="code-hint"
          value={code}
          onInput={(event) => setCode(event.currentTarget.value)}
        />
        <button type="submit" class="solid">
          {SCAN.check}
        </button>
      </div>
      <p id="code-hint" class="hint">
        {SCAN.codeHint}
        {onClose !== undefined && (
          <button type="button" class="link" onClick={onClose}>
            {SCAN.closeTyping}
          </button>
        )}
      </p>
    </form>
  );
}
