/**
 * A form of one name, which makes a project or an event.
 */
import { MAX_CHARACTERS } from "../../../limits.ts";
import type { Parse } from "../../request.ts";
import { useTyped } from "../change/use-typed.ts";
import type { TypedDraftName } from "../drafts.ts";
import { problemElsewhere } from "../problem.ts";
import { goOn } from "../route.ts";
import { useWriting } from "../use-api.ts";
import { TextField } from "./form-parts.tsx";
import { ProblemNote } from "./parts.tsx";

interface NameFormProps<T> {
  readonly draft: TypedDraftName;
  /** The project of a new event. */
  readonly of: string;
  readonly label: string;
  readonly hint: string;
  /** The path of the API that creates it. */
  readonly path: string;
  readonly parse: Parse<T>;
  /** The page of what was made. */
  readonly next: (made: T) => string;
}

export function NameForm<T>({ draft, of, label, hint, path, parse, next }: NameFormProps<T>) {
  const typed = useTyped(draft, of);
  const { isBusy, problem, write } = useWriting();
  const name = typed.fields.name ?? "";
  return (
    <form
      class="one-field"
      onSubmit={async (event) => {
        event.preventDefault();
        const from = location.hash;
        const answer = await write({ method: "POST", path, body: { name: name.trim() } }, parse);
        if (answer === undefined) return;
        typed.clear();
        goOn(from, next(answer.body));
      }}
    >
      <TextField
        id={draft}
        label={label}
        value={name}
        maxLength={MAX_CHARACTERS.name}
        hint={hint}
        onChange={(text) => typed.change({ name: text })}
        problem={problem}
        pointer="/name"
        required
      />
      <button type="submit" aria-disabled={isBusy}>
        Make it
      </button>
      <ProblemNote problem={problemElsewhere(problem, ["/name"])} />
    </form>
  );
}
