/**
 * A template made of a file: a .pkpass of another tool, or a zipped template of Apple's Pass Designer.
 */
import { useState } from "preact/hooks";
import { useDashboard } from "../context.ts";
import { wrongArchive } from "../file-kind.ts";
import { hrefOf, queryOf } from "../route.ts";
import { type ImportedAnswer, parseImportedTemplate } from "../template-answers.ts";
import { importRefusal, unreadableWords } from "../template-words.ts";
import { useWriting } from "../use-api.ts";
import { countWords } from "../words.ts";
import { FindingList } from "./finding-list.tsx";
import { FileDrop, SelectField, TextField } from "./form-parts.tsx";
import { ProblemNote } from "./parts.tsx";
import { PassTypeField } from "./pass-type-field.tsx";

interface ImportTemplateProps {
  readonly passTypes: readonly string[];
  readonly onImported: () => void;
}

interface ChosenFile {
  readonly name: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

export function ImportTemplate({ passTypes, onImported }: ImportTemplateProps) {
  const { me, say } = useDashboard();
  const { isBusy, problem, write, fail } = useWriting();
  const [file, setFile] = useState<ChosenFile>();
  const [imported, setImported] = useState<ImportedAnswer>();
  // A key with a scope makes templates in its projects only.
  const projects = me.scope === null ? [] : (me.resources?.projects ?? []);
  const [projectId, setProjectId] = useState(projects[0] === undefined ? "" : String(projects[0].id));
  const [fields, setFields] = useState({ passTypeIdentifier: "", name: "" });
  const send = async ({ bytes }: ChosenFile, chosen: typeof fields) => {
    const query = queryOf({ ...chosen, name: chosen.name.trim(), projectId });
    const call = { method: "POST", path: `/templates/import${query}`, file: bytes };
    const answer = await write(call, parseImportedTemplate);
    if (answer === undefined) return;
    setFile(undefined);
    setImported(answer.body);
    say(`${answer.body.name} is imported.`);
    onImported();
  };
  const take = async (dropped: File) => {
    setImported(undefined);
    setFile(undefined);
    const empty = { passTypeIdentifier: "", name: "" };
    setFields(empty);
    const refused = (detail: string) => fail({ detail, code: null, pointer: null });
    const refusal = importRefusal(dropped);
    if (refusal !== null) return refused(refusal);
    const bytes = await dropped.arrayBuffer().catch(() => undefined);
    if (bytes === undefined) return refused(unreadableWords(dropped.name));
    const chosen = { name: dropped.name, bytes: new Uint8Array(bytes) };
    const wrong = wrongArchive(chosen.name, chosen.bytes);
    if (wrong !== null) return refused(wrong);
    setFile(chosen);
    await send(chosen, empty);
  };
  const needsPassType = problem?.code === "pass_type_not_found";
  return (
    <section class="import-template" aria-label="Import">
      <FileDrop
        id="import-file"
        label="Import a pass or a template"
        hint="Drop a .pkpass, or a template of Apple's Pass Designer as a .zip, or choose it."
        accept=".pkpass,.pkpasstemplate,.zip,application/vnd.apple.pkpass"
        isBusy={isBusy}
        onFile={(dropped) => void take(dropped)}
      />
      {projects.length > 1 && (
        <SelectField
          id="import-project"
          label="Project of the new template"
          value={projectId}
          options={projects.map(({ id, name }) => [String(id), name] as const)}
          onChange={setProjectId}
        />
      )}
      {needsPassType && file !== undefined ? (
        <form
          class="form panel"
          onSubmit={(event) => {
            event.preventDefault();
            void send(file, fields);
          }}
        >
          <p role="alert">
            The pass type of {file.name} is not one of this service. Choose the pass type of the new template.
          </p>
          <PassTypeField
            id="import-pass-type"
            value={fields.passTypeIdentifier}
            passTypes={passTypes}
            onChange={(passTypeIdentifier) => setFields({ ...fields, passTypeIdentifier })}
          />
          <TextField
            id="import-name"
            label="Name"
            value={fields.name}
            onChange={(name) => setFields({ ...fields, name })}
            hint="If you leave it empty, it is the description in the file."
          />
          <div class="actions">
            <button
              type="submit"
              class="solid"
              aria-disabled={isBusy}
              disabled={fields.passTypeIdentifier === ""}
            >
              Import
            </button>
          </div>
        </form>
      ) : (
        <>
          <ProblemNote problem={problem} />
          {problem !== null && problem.code === null && file !== undefined && (
            <button type="button" class="more" aria-disabled={isBusy} onClick={() => void send(file, fields)}>
              Try again
            </button>
          )}
        </>
      )}
      {imported !== undefined && <Imported imported={imported} />}
    </section>
  );
}

/** What differs from the file, and the way to the template. */
function Imported({ imported: { id, name, lint } }: { readonly imported: ImportedAnswer }) {
  const { findings } = lint;
  return (
    <div class="panel imported">
      <h2>{name} is imported</h2>
      {findings.length > 0 && (
        <details open={findings.length <= 3}>
          <summary>{countWords(findings.length, "note")} about the file</summary>
          <FindingList findings={findings} />
        </details>
      )}
      <div class="actions">
        <a class="as-button" href={hrefOf("template", { id: String(id) })}>
          Open the template
        </a>
      </div>
    </div>
  );
}
