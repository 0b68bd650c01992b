/**
 * Deletes a template after a question. One that has passes is refused: then the reason and the passes are shown.
 */
import { parseNothing } from "../admin-api.ts";
import { useDashboard } from "../context.ts";
import { parsePassCount } from "../pass-answers.ts";
import { passCountWords } from "../pass-words.ts";
import { hrefOf } from "../route.ts";
import type { ListedTemplate } from "../template-answers.ts";
import { useLoaded, useWriting } from "../use-api.ts";
import { ConfirmButton } from "./confirm-button.tsx";
import { ProblemNote } from "./parts.tsx";

interface DeleteTemplateProps {
  readonly template: ListedTemplate;
  readonly onDeleted: () => void;
}

export function DeleteTemplate({ template: { id, name }, onDeleted }: DeleteTemplateProps) {
  const { say } = useDashboard();
  const { isBusy, problem, write } = useWriting();
  const remove = async () => {
    const answer = await write({ method: "DELETE", path: `/templates/${id}` }, parseNothing);
    if (answer === undefined) return;
    say(`${name} is deleted.`);
    onDeleted();
  };
  return (
    <>
      <ConfirmButton
        label="Delete"
        name={`Delete ${name}`}
        question={`Delete ${name}? This cannot be undone.`}
        confirm="Delete it"
        isBusy={isBusy}
        onConfirm={() => void remove()}
      />
      {problem?.code === "template_in_use" ? (
        <InUse id={id} name={name} />
      ) : (
        <ProblemNote problem={problem} />
      )}
    </>
  );
}

/** How many passes keep the template. */
function InUse({ id, name }: { readonly id: number; readonly name: string }) {
  const { body } = useLoaded(`/passes/count?templateId=${id}`, parsePassCount);
  return (
    <div class="problem" role="alert">
      <p>
        {name} is not deleted: it has {body === undefined ? "passes" : passCountWords(body)}. Delete its
        passes first, or keep the template.
      </p>
      <a class="text-link" href={hrefOf("passes", { template: String(id) })}>
        Show its passes
      </a>
    </div>
  );
}
