/**
 * One section of fields: a compact list in the order of the pass. A field is dragged with the mouse, and moved by its buttons with
 * the keyboard and on phones.
 */
import { pointerTo } from "../../../../json.ts";
import type { Section, Style } from "../../../../pkpass/styles.ts";
import { Badge } from "../../views/parts.tsx";
import { FindingNotes } from "../check/finding-notes.tsx";
import { findingsAt, type PanelProps } from "../panel.ts";
import { FieldEditor } from "./field-editor.tsx";
import { asField, endOf, entriesOf, type FieldPlace, fieldName } from "./field-list.ts";
import { shownValue } from "./lock-screen.ts";
import { drawnWords, hasSection, isDrawn, SECTION_NAMES } from "./section-words.ts";
import { type FieldEditing, isAt, rowId, UNDO_ID } from "./use-field-editing.ts";

interface SectionProps extends PanelProps {
  readonly style: Style;
  readonly section: Section;
  readonly editing: FieldEditing;
}

export function FieldSection(props: SectionProps) {
  const { draft, findings, style, section, editing } = props;
  const entries = entriesOf(draft.pass, style, section);
  const { over, dragged, removed } = editing;
  const name = SECTION_NAMES[section];
  const pointer = pointerTo(["pass", style, section]);
  return (
    <section
      class="field-section"
      aria-label={`${name} fields`}
      onDragOver={(event) => {
        if (dragged === null) return;
        event.preventDefault();
        editing.setOver({ style, section, index: indexAt(event.currentTarget, event.clientY) });
      }}
      onDrop={(event) => {
        event.preventDefault();
        if (dragged === null) return;
        const index = indexAt(event.currentTarget, event.clientY);
        const isAfterItself = dragged.section === section && dragged.index < index;
        editing.move(dragged, { style, section, index: isAfterItself ? index - 1 : index });
        editing.setDragged(null);
        editing.setOver(null);
      }}
    >
      <header class="split">
        <div>
          <h2>{name}</h2>
          <p class="hint">{drawnWords(draft.pass, style, section)}</p>
        </div>
        {hasSection(style, section) && (
          <button type="button" aria-label={`Add a field to ${name}`} onClick={() => editing.add(section)}>
            Add
          </button>
        )}
      </header>
      <FindingNotes findings={findings.filter((finding) => finding.pointer === pointer)} pointer={pointer} />
      {(entries.length > 0 || over?.section === section) && (
        <ol
          class={
            over?.section === section && over.index >= entries.length ? "field-rows drop-end" : "field-rows"
          }
        >
          {entries.map((entry, index) => (
            // A field keeps its row while its key is typed, so the place is the key.
            <FieldRow key={index} {...props} entry={entry} place={{ style, section, index }} />
          ))}
        </ol>
      )}
      {removed?.place.section === section && (
        <p class="removed-field">
          <span>{removed.name} is removed.</span>
          <button id={UNDO_ID} type="button" onClick={() => editing.undo()}>
            Undo
          </button>
        </p>
      )}
    </section>
  );
}

/** The index at which a field would be dropped: before the row whose upper half the mouse pointer is above. */
function indexAt(section: HTMLElement, y: number): number {
  const rows = [...section.querySelectorAll(":scope > ol > li")];
  const index = rows.findIndex((row) => {
    const { top, height } = row.getBoundingClientRect();
    return y < top + height / 2;
  });
  return index < 0 ? rows.length : index;
}

interface RowProps extends SectionProps {
  readonly entry: unknown;
  readonly place: FieldPlace;
}

function FieldRow({ entry, place, ...props }: RowProps) {
  const { draft, findings, editing } = props;
  const field = asField(entry);
  const isOpen = isAt(editing.open, place);
  const isDragged = isAt(editing.dragged, place);
  const own = findingsAt(findings, pointerTo(["pass", place.style, place.section, place.index]));
  const name = fieldName(field);
  return (
    <li
      class={`${isDragged ? "dragged" : ""} ${isAt(editing.over, place) ? "drop-before" : ""}`}
      // An open field is not draggable, because the mouse selects text in it.
      draggable={!isOpen}
      onDragStart={(event) => {
        event.dataTransfer?.setData("text/plain", name);
        if (event.dataTransfer !== null) event.dataTransfer.effectAllowed = "move";
        editing.setDragged(place);
      }}
      onDragEnd={() => {
        editing.setDragged(null);
        editing.setOver(null);
      }}
    >
      <div class="field-row">
        <span class="grip" aria-hidden="true" />
        <button
          id={rowId(place)}
          type="button"
          class="field-summary"
          aria-expanded={isOpen}
          onClick={() => editing.toggle(place)}
        >
          <span class="field-label">{name}</span>
          <span class="field-value">{shownValue(field, navigator.language)}</span>
          {!isDrawn(draft.pass, place) && <Badge tone="quiet">Not shown</Badge>}
          {own.length > 0 && (
            <Badge tone={own.some(({ severity }) => severity === "error") ? "bad" : "warning"}>
              {own.length === 1 ? "1 note" : `${own.length} notes`}
            </Badge>
          )}
        </button>
        <MoveButton by={-1} place={place} name={name} {...props} />
        <MoveButton by={1} place={place} name={name} {...props} />
      </div>
      {isOpen && <FieldEditor {...props} place={place} field={field} />}
    </li>
  );
}

interface MoveProps extends SectionProps {
  readonly by: -1 | 1;
  readonly place: FieldPlace;
  readonly name: string;
}

function MoveButton({ by, place, name, draft, style, section, editing }: MoveProps) {
  const to = { ...place, index: place.index + by };
  const isEnd = to.index < 0 || to.index > endOf(draft.pass, style, section, place).index;
  const way = by < 0 ? "up" : "down";
  return (
    <button
      id={rowId(place, way)}
      type="button"
      class="move"
      aria-label={`Move ${name} ${way}`}
      // A disabled button would lose the focus.
      aria-disabled={isEnd}
      onClick={() => editing.move(place, to, rowId(isEnd ? place : to, way))}
    >
      <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
        <path d={by < 0 ? "M6 15l6-6 6 6" : "M6 9l6 6 6-6"} />
      </svg>
    </button>
  );
}
