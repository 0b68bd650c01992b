/**
 * The start of a new template: its pass type, and a card to start from.
 */
import { useState } from "preact/hooks";
import { mayOpen } from "../../access.ts";
import { type PassType, parsePassTypes } from "../../admin-answers.ts";
import { CardPreview } from "../../card/card-preview.tsx";
import { useDashboard } from "../../context.ts";
import { parseName } from "../../pass-answers.ts";
import { useListed, useLoaded } from "../../use-api.ts";
import { SelectField, TextField } from "../../views/form-parts.tsx";
import { PageLink, Placeholder, ProblemNote } from "../../views/parts.tsx";
import type { TemplateDraft } from "../draft/draft.ts";
import { drawIcon } from "./start-icon.ts";
import { draftOfStart, STARTS, type Start } from "./starts.ts";

interface StartPageProps {
  /** The project that the new template is for. Null: none. */
  readonly projectId: number | null;
  readonly onStart: (draft: TemplateDraft) => void;
}

export function StartPage(props: StartPageProps) {
  const { me } = useDashboard();
  // A key with a scope cannot list pass types, and may only make templates in its projects.
  return me.scope === null ? <StartOfAdmin {...props} /> : <StartInProject {...props} />;
}

function StartOfAdmin({ projectId, onStart }: StartPageProps) {
  const { items, status, problem } = useListed("/pass-types?limit=200", parsePassTypes);
  const [chosen, setChosen] = useState("");
  if (status === "first") return <Placeholder />;
  const passType =
    items.find(({ passTypeIdentifier }) => passTypeIdentifier === chosen) ?? items.find(canSign) ?? items[0];
  if (passType === undefined) {
    return (
      <>
        <ProblemNote problem={problem} />
        {problem === null && (
          <SetUpFirst text="A template needs a pass type with a certificate of Apple. There is none yet." />
        )}
      </>
    );
  }
  return (
    <>
      {items.length > 1 ? (
        <div class="form">
          <SelectField
            id="start-pass-type"
            label="Pass type"
            value={passType.passTypeIdentifier}
            options={items.map(({ passTypeIdentifier: each }) => [each, each] as const)}
            onChange={setChosen}
          />
        </div>
      ) : (
        <p>
          Pass type <code>{passType.passTypeIdentifier}</code>
        </p>
      )}
      {!canSign(passType) && (
        <SetUpFirst text="This pass type has no certificate yet. You can make the template now, and issue passes once it has one." />
      )}
      {projectId !== null && <ProjectOfStart projectId={projectId} />}
      <StartCards passTypeIdentifier={passType.passTypeIdentifier} projectId={projectId} onStart={onStart} />
    </>
  );
}

const canSign = ({ certificates }: PassType) => certificates.some(({ state }) => state === "active");

function ProjectOfStart({ projectId }: { readonly projectId: number }) {
  const { body } = useLoaded(`/projects/${projectId}`, parseName);
  return <p>Project {body?.name ?? projectId}</p>;
}

function SetUpFirst({ text }: { readonly text: string }) {
  const { me } = useDashboard();
  return (
    <div class="panel">
      <p>{text}</p>
      {mayOpen("set-up", me) && <PageLink page="set-up" />}
    </div>
  );
}

function StartInProject({ projectId, onStart }: StartPageProps) {
  const { me } = useDashboard();
  const projects = me.resources?.projects ?? [];
  const [passTypeIdentifier, setPassType] = useState("");
  const [project, setProject] = useState(String(projectId ?? projects[0]?.id ?? ""));
  if (projects.length === 0) return <p>Your key reaches no project, so it cannot make a template.</p>;
  return (
    <>
      <div class="form">
        <TextField
          id="start-pass-type"
          label="Pass type"
          value={passTypeIdentifier}
          onChange={setPassType}
          hint="Such as pass.com.example.card. Ask the person who runs the service."
        />
        <SelectField
          id="start-project"
          label="Project"
          value={project}
          options={projects.map(({ id, name }) => [String(id), name] as const)}
          onChange={setProject}
        />
      </div>
      <StartCards passTypeIdentifier={passTypeIdentifier} projectId={Number(project)} onStart={onStart} />
    </>
  );
}

interface StartCardsProps extends StartPageProps {
  readonly passTypeIdentifier: string;
}

function StartCards({ passTypeIdentifier, projectId, onStart }: StartCardsProps) {
  const begin = async (start: Start) => {
    const icon = await drawIcon(start.pass);
    const draft = draftOfStart(start, passTypeIdentifier, projectId);
    onStart(icon === undefined ? draft : { ...draft, images: { "icon@3x.png": icon } });
  };
  return (
    <section>
      <h2>Start from</h2>
      <ul class="start-cards">
        {STARTS.map((start) => (
          <li key={start.style}>
            <button type="button" class="start-card" onClick={() => void begin(start)}>
              <span>
                <strong>{start.title}</strong>
                <span class="hint">{start.words}</span>
              </span>
              <span class="start-picture" aria-hidden="true">
                <CardPreview pass={start.pass} images={{}} imagesPath="" label={start.title} size="small" />
              </span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
