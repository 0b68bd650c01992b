/**
 * The pages without a navigation: the sign-in, and what is shown when there is nothing else to show.
 */
import { useState } from "preact/hooks";
import type { Me } from "../../me.ts";
import { hrefOf } from "../route.ts";
import { readTypedKey } from "../session.ts";
import { keyFacts } from "../words.ts";
import { TextField } from "./form-parts.tsx";
import { PageHeading, Placeholder } from "./parts.tsx";

interface SignInPageProps {
  /** Why the person was signed out, or the key was refused. */
  readonly reason: string | null;
  readonly onSignIn: (key: string) => void;
}

export function SignInPage({ reason, onSignIn }: SignInPageProps) {
  const [text, setText] = useState("");
  const [fault, setFault] = useState<string | null>(null);
  return (
    <main class="start-page">
      <h1 tabIndex={-1}>Sign in to Edgepass</h1>
      {reason !== null && (
        <div class="problem" role="alert">
          <p>{reason}</p>
        </div>
      )}
      <form
        onSubmit={(event) => {
          event.preventDefault();
          const key = readTypedKey(text);
          setFault(key === undefined ? "Enter a key. It has no spaces." : null);
          if (key !== undefined) onSignIn(key);
        }}
      >
        <TextField
          id="key"
          label="Key"
          type="password"
          autocomplete="current-password"
          value={text}
          onChange={setText}
          hint="A key that somebody made for you, or the ADMIN_TOKEN of this service."
          problem={fault === null ? null : { detail: fault, code: null, pointer: null }}
        />
        <button type="submit" class="solid">
          Sign in
        </button>
      </form>
      <p class="hint">The key stays in this tab until you sign out or close the tab.</p>
      <a class="text-link" href="/scan">
        The scanner, for phones at a gate
      </a>
    </main>
  );
}

interface WaitingProps {
  /** Null: the service is being asked. */
  readonly detail: string | null;
  readonly onRetry: () => void;
  readonly onSignOut: () => void;
}

export function WaitingForService({ detail, onRetry, onSignOut }: WaitingProps) {
  return (
    <main class="start-page">
      <h1 tabIndex={-1}>{detail === null ? "Signing in" : "No answer"}</h1>
      {detail === null ? (
        <Placeholder />
      ) : (
        <>
          <div class="problem" role="alert">
            <p>{detail}</p>
          </div>
          <div class="actions">
            <button type="button" class="solid" onClick={onRetry}>
              Try again
            </button>
            <button type="button" onClick={onSignOut}>
              Sign out
            </button>
          </div>
        </>
      )}
    </main>
  );
}

/** The page for a key that may see no other page, such as the key of a scanner. */
export function KeyCannotReach({ me, onSignOut }: { readonly me: Me; readonly onSignOut: () => void }) {
  return (
    <main class="start-page">
      <h1 tabIndex={-1}>This key is for the scanner</h1>
      <p>
        It can scan passes, and has no pages here. Sign in with a key that has the role reader, issuer or
        admin.
      </p>
      <p class="hint">{keyFacts(me, Date.now()).join(" · ")}</p>
      <div class="actions">
        <a class="as-button" href="/scan">
          Open the scanner
        </a>
        <button type="button" onClick={onSignOut}>
          Sign out
        </button>
      </div>
    </main>
  );
}

/** @param isKnown whether the page exists, but not for this key */
export function NoSuchPage({ isKnown }: { readonly isKnown: boolean }) {
  return (
    <>
      <PageHeading title={isKnown ? "Not for this key" : "No such page"} />
      <p>
        {isKnown
          ? "The key that you signed in with may not do what this page is for. Sign in with another one."
          : "The address may be incomplete."}
      </p>
      <a class="text-link" href={hrefOf("overview")}>
        Go to the first page
      </a>
    </>
  );
}
