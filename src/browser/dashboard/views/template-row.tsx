/**
 * One template in the list: its preview, what is known of it, and what one can do with it.
 */

import { isIssuer, mayOpen } from "../access.ts";
import type { Named } from "../admin-answers.ts";
import { CardPreview } from "../card/card-preview.tsx";
import { useDashboard } from "../context.ts";
import { hrefOf } from "../route.ts";
import type { ListedTemplate } from "../template-answers.ts";
import { styleWords } from "../template-words.ts";
import { whenWords } from "../words.ts";
import { CopyTemplate } from "./copy-template.tsx";
import { DeleteTemplate } from "./delete-template.tsx";

interface TemplateRowProps {
  readonly template: ListedTemplate;
  readonly projects: readonly Named[];
  readonly passTypes: readonly string[];
  readonly onDeleted: () => void;
}

export function TemplateRow({ template, projects, passTypes, onDeleted }: TemplateRowProps) {
  const { me } = useDashboard();
  const { id, name, passTypeIdentifier, projectId, pass, joinUrl, updatedAt } = template;
  const own = { id: String(id) };
  const facts = [
    styleWords(pass),
    passTypeIdentifier,
    ...(projectId === null
      ? []
      : [projects.find((each) => each.id === projectId)?.name ?? `Project ${projectId}`]),
    `changed ${whenWords(updatedAt, Date.now())}`,
  ];
  return (
    <div class="template-row">
      <div class="template-preview">
        <CardPreview
          pass={pass}
          images={drawnImages(template)}
          imagesPath={`/templates/${id}/images`}
          size="small"
          label={`Preview of ${name}`}
        />
      </div>
      <div class="template-row-facts">
        <h2>
          <a class="text-link" href={hrefOf("template", own)}>
            {name}
          </a>
        </h2>
        <p class="hint">{facts.join(" · ")}</p>
      </div>
      <div class="actions">
        {isIssuer(me) && (
          <a class="as-button" href={hrefOf("new-pass", own)} aria-label={`Issue a pass of ${name}`}>
            Issue a pass
          </a>
        )}
        <a
          class="as-button"
          href={hrefOf("passes", { template: String(id) })}
          aria-label={`Passes of ${name}`}
        >
          Passes
        </a>
        {joinUrl !== null && (
          <a
            class="as-button"
            href={`${joinUrl}/poster`}
            target="_blank"
            rel="noreferrer"
            aria-label={`Poster of ${name}`}
          >
            Poster
          </a>
        )}
        {mayOpen("new-template", me) && (
          <>
            <CopyTemplate template={template} passTypes={passTypes} />
            <DeleteTemplate template={template} onDeleted={onDeleted} />
          </>
        )}
      </div>
    </div>
  );
}

function drawnImages({ images }: ListedTemplate) {
  return Object.fromEntries(
    Object.entries(images).map(([path, image]) => [path, { kind: "stored", ...image }] as const),
  );
}
