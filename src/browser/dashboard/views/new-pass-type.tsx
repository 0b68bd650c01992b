/**
 * The form that adds a pass type: its identifier is all that is needed.
 */
import { type PassType, parsePassType } from "../admin-answers.ts";
import { useDashboard } from "../context.ts";
import { useDraft } from "../drafts.ts";
import { problemElsewhere } from "../problem.ts";
import { useWriting } from "../use-api.ts";
import { TextField } from "./form-parts.tsx";
import { ProblemNote } from "./parts.tsx";

export const EMPTY_PASS_TYPE = { passTypeIdentifier: "" };

export function NewPassTypeForm({ onMade }: { readonly onMade: (passType: PassType) => void }) {
  const { say } = useDashboard();
  const { isBusy, problem, write } = useWriting();
  const { fields, change, clear } = useDraft("new-pass-type", EMPTY_PASS_TYPE);
  return (
    <form
      class="one-field"
      onSubmit={async (event) => {
        event.preventDefault();
        const passTypeIdentifier = fields.passTypeIdentifier.trim();
        const answer = await write(
          { method: "POST", path: "/pass-types", body: { passTypeIdentifier } },
          parsePassType,
        );
        if (answer === undefined) return;
        clear();
        onMade(answer.body);
        say("The pass type is added. Now you can download its signing request.");
      }}
    >
      <TextField
        id="pass-type"
        label="Pass type identifier"
        value={fields.passTypeIdentifier}
        onChange={(passTypeIdentifier) => change({ passTypeIdentifier })}
        hint="As in Apple's portal, such as pass.com.example.card"
        problem={problem}
        pointer="/passTypeIdentifier"
        required
      />
      <button type="submit" aria-disabled={isBusy}>
        Add
      </button>
      <ProblemNote problem={problemElsewhere(problem, ["/passTypeIdentifier"])} />
    </form>
  );
}
