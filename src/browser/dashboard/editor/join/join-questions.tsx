/**
 * The questions of a join page, each for a field of the template, in the order of the form.
 */

import { useState } from "preact/hooks";
import type { JsonObject } from "../../../../json.ts";
import { SelectField } from "../../views/form-parts.tsx";
import { useKeptFocus } from "../../views/parts.tsx";
import { valueText } from "../draft/pass-members.ts";
import type { LintFinding } from "../panel.ts";
import { askableFields, movedItem, questionFor } from "./join-draft.ts";
import { JoinQuestion } from "./join-question.tsx";

interface JoinQuestionsProps {
  readonly pass: JsonObject;
  readonly questions: readonly JsonObject[];
  readonly findings: readonly LintFinding[];
  readonly onChange: (questions: readonly JsonObject[]) => void;
}

export function JoinQuestions({ pass, questions, findings, onChange }: JoinQuestionsProps) {
  const [chosen, setChosen] = useState("");
  const { element, ...inside } = useKeptFocus<HTMLElement>(questions);
  const fields = askableFields(pass);
  const asked = questions.map(({ key }) => key);
  const left = fields.filter(({ key }) => !asked.includes(key));
  const add = () => {
    const field = left.find(({ key }) => key === chosen);
    if (field === undefined) return;
    setChosen("");
    onChange([...questions, questionFor(field)]);
  };
  return (
    <section ref={element} tabIndex={-1} {...inside}>
      <h2>Questions</h2>
      {questions.length === 0 && <p class="hint">The page asks for nothing: it has only a button.</p>}
      {questions.length > 0 && (
        <ol class="rows" aria-label="Questions">
          {questions.map((question, index) => (
            <li key={valueText(question.key)}>
              <JoinQuestion
                question={question}
                index={index}
                isLast={index === questions.length - 1}
                field={fields.find(({ key }) => key === question.key)}
                findings={findings}
                onChange={(changed) => onChange(questions.with(index, changed))}
                onMove={(by) => {
                  const moved = movedItem(questions, index, by);
                  // A move beyond the ends is no step to undo.
                  if (moved !== questions) onChange(moved);
                }}
                onRemove={() => onChange(questions.toSpliced(index, 1))}
              />
            </li>
          ))}
        </ol>
      )}
      {left.length > 0 ? (
        <div class="one-field in-line">
          <SelectField
            id="join-new-question"
            label="New question"
            value={chosen}
            options={[
              ["", "Choose the field that shows the answer"],
              ...left.map(({ key, label }) => [key, label] as const),
            ]}
            onChange={setChosen}
          />
          <button type="button" aria-disabled={chosen === ""} onClick={add}>
            Add
          </button>
        </div>
      ) : (
        <p class="hint">
          {fields.length === 0
            ? "An answer needs a field of the pass that shows it. Add a field first."
            : "The page already asks for every field that can show an answer."}
        </p>
      )}
    </section>
  );
}
