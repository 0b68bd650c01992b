/**
 * A copy of a template: its name and pass type are asked for, and then it opens.
 */
import { useState } from "preact/hooks";
import { useDashboard } from "../context.ts";
import { goOn, hrefOf } from "../route.ts";
import { type ListedTemplate, parseImportedTemplate } from "../template-answers.ts";
import { copyName } from "../template-words.ts";
import { useWriting } from "../use-api.ts";
import { ConfirmButton } from "./confirm-button.tsx";
import { TextField } from "./form-parts.tsx";
import { ProblemNote } from "./parts.tsx";
import { PassTypeField } from "./pass-type-field.tsx";

interface CopyTemplateProps {
  readonly template: ListedTemplate;
  readonly passTypes: readonly string[];
}

export function CopyTemplate({ template, passTypes }: CopyTemplateProps) {
  const { say } = useDashboard();
  const { isBusy, problem, write } = useWriting();
  const { id } = template;
  const [name, setName] = useState(copyName(template.name));
  const [passTypeIdentifier, setPassType] = useState(template.passTypeIdentifier);
  const copy = async () => {
    const body = { name: name.trim(), passTypeIdentifier };
    const from = location.hash;
    const answer = await write(
      { method: "POST", path: `/templates/${id}/copy`, body },
      parseImportedTemplate,
    );
    if (answer === undefined) return;
    say("This is the copy. What you change here does not change the original.");
    goOn(from, hrefOf("template", { id: String(answer.body.id) }));
  };
  return (
    <>
      <ConfirmButton
        label="Copy"
        name={`Copy ${template.name}`}
        question={`A copy of ${template.name}, without its passes and without its join page.`}
        confirm="Make the copy"
        isDanger={false}
        isBusy={isBusy}
        onConfirm={() => void copy()}
      >
        <TextField
          id={`copy-name-${id}`}
          label="Name of the copy"
          value={name}
          onChange={setName}
          problem={problem}
          pointer="/name"
        />
        {passTypes.length > 1 && (
          <PassTypeField
            id={`copy-pass-type-${id}`}
            value={passTypeIdentifier}
            passTypes={passTypes}
            onChange={setPassType}
          />
        )}
      </ConfirmButton>
      <ProblemNote problem={problem} />
    </>
  );
}
