/**
 * What the panel of fields remembers besides the draft: which field is open, what was removed last, what is dragged, what is
 * said to screen readers, and where the focus goes after a move.
 */
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import type { Section, Style } from "../../../../pkpass/styles.ts";
import { focusOn } from "../../../heading-focus.ts";
import { withMember } from "../draft/pass-members.ts";
import type { PanelProps } from "../panel.ts";
import { keyForLabel, renameField } from "./field-keys.ts";
import {
  changeField,
  endOf,
  entriesOf,
  type FieldPlace,
  fieldAt,
  fieldName,
  insertField,
  moveField,
  removeField,
} from "./field-list.ts";
import { placeWords, SECTION_NAMES } from "./section-words.ts";

/** The ids of what gets the focus. */
export const UNDO_ID = "field-undo";
export const SECTION_ID = "field-section";
export const LABEL_ID = "field-label";
export function rowId({ section, index }: FieldPlace, button = "open"): string {
  return `${section}-${index}-${button}`;
}

interface RemovedField {
  readonly place: FieldPlace;
  readonly entry: unknown;
  readonly name: string;
}

export type FieldEditing = ReturnType<typeof useFieldEditing>;

export function useFieldEditing({ draft, edit }: PanelProps, style: Style) {
  const { pass } = draft;
  const [open, setOpen] = useState<FieldPlace | null>(null);
  // The key of a new field follows its label until somebody changes the key, or closes the field.
  const [followsLabel, setFollowsLabel] = useState(false);
  const [removed, setRemoved] = useState<RemovedField | null>(null);
  const [said, say] = useState("");
  const [dragged, setDragged] = useState<FieldPlace | null>(null);
  const [over, setOver] = useState<FieldPlace | null>(null);
  // The undo of the whole editor may have brought the field back.
  const isBack = removed !== null && entriesOf(pass, style, removed.place.section).includes(removed.entry);
  const focusNext = useRef("");
  useLayoutEffect(() => {
    const element = document.getElementById(focusNext.current);
    if (element === null) return;
    focusNext.current = "";
    focusOn(element);
    element.scrollIntoView({ block: "nearest" });
  });
  const show = (place: FieldPlace | null, isNew = false) => {
    setOpen(place);
    setFollowsLabel(isNew);
  };

  return {
    open,
    followsLabel,
    removed: isBack ? null : removed,
    said,
    dragged,
    over,
    setDragged,
    setOver,
    toggle: (place: FieldPlace) => show(isAt(open, place) ? null : place),
    close() {
      if (open !== null) focusNext.current = rowId(open);
      show(null);
    },
    add(section: Section) {
      const place = endOf(pass, style, section);
      edit({ pass: insertField(pass, place, { key: keyForLabel(pass, ""), label: "", value: "" }) });
      focusNext.current = LABEL_ID;
      show(place, true);
      say(`New field in ${SECTION_NAMES[section]}`);
    },
    change(place: FieldPlace, member: string, value: unknown) {
      const changed = changeField(pass, place, withMember(fieldAt(pass, place), member, value));
      if (member !== "label" || !followsLabel) return edit({ pass: changed });
      const key = keyForLabel(changed, String(value ?? ""), place);
      edit(renameField({ ...draft, pass: changed }, place, key));
    },
    replace: (place: FieldPlace, field: ReturnType<typeof fieldAt>) =>
      edit({ pass: changeField(pass, place, field) }),
    rename(place: FieldPlace, key: string) {
      setFollowsLabel(false);
      const { pass: renamed, scan, join, google } = renameField(draft, place, key);
      edit({
        pass: renamed,
        ...(scan !== draft.scan && { scan }),
        ...(join !== draft.join && { join }),
        ...(google !== undefined && google !== draft.google && { google }),
      });
    },
    /** @param to its index does not count the field itself @param focus the id of the element that gets the focus */
    move(from: FieldPlace, to: FieldPlace, focus?: string) {
      const last = endOf(pass, style, to.section, from).index;
      const target = { ...to, index: Math.max(0, Math.min(to.index, last)) };
      const moved = moveField(pass, from, target);
      say(placeWords(moved, target));
      if (focus !== undefined) focusNext.current = focus;
      setOpen(open === null ? null : isAt(open, from) ? target : shifted(open, from, target));
      if (!isAt(from, target)) edit({ pass: moved });
    },
    remove(place: FieldPlace) {
      const entry = entriesOf(pass, style, place.section)[place.index];
      const name = fieldName(fieldAt(pass, place));
      setRemoved({ place, entry, name });
      focusNext.current = UNDO_ID;
      show(null);
      say(`${name} removed`);
      edit({ pass: removeField(pass, place) });
    },
    undo() {
      if (removed === null) return;
      const restored = insertField(pass, removed.place, removed.entry);
      focusNext.current = rowId(removed.place);
      setRemoved(null);
      show(null);
      say(placeWords(restored, removed.place));
      edit({ pass: restored });
    },
  };
}

export function isAt(place: FieldPlace | null, other: FieldPlace): boolean {
  return place?.section === other.section && place.index === other.index;
}

/** The place of a field after another one was moved. */
function shifted(place: FieldPlace, from: FieldPlace, to: FieldPlace): FieldPlace {
  const left = from.section === place.section && from.index < place.index ? place.index - 1 : place.index;
  const index = to.section === place.section && to.index <= left ? left + 1 : left;
  return { ...place, index };
}
