/**
 * The images of a template, by drop: one slot after another, or several files whose names say their slots.
 */
import { useRef, useState } from "preact/hooks";
import { imageAreaFor } from "../../../../pkpass/images/slots.ts";
import { FileDrop } from "../../views/form-parts.tsx";
import type { TemplateDraft } from "../draft/draft.ts";
import type { PanelProps } from "../panel.ts";
import { readImageFile, tooManyBytes } from "./image-file.ts";
import { ImageSlot, type SlotNote } from "./image-slot.tsx";
import {
  draftLayout,
  languagesOfSlot,
  pathAt,
  readImageName,
  slotsOfDraft,
  stemFor,
  withImages,
  withoutImage,
} from "./image-slots.ts";

/** A file and where it goes. */
interface Placed {
  readonly file: File;
  readonly slot: string;
  readonly language: string | null;
  readonly density: number | undefined;
}

export function ImagesPanel(props: PanelProps) {
  const { draft, edit } = props;
  const [notes, setNotes] = useState<Readonly<Record<string, SlotNote>>>({});
  const [unknown, setUnknown] = useState<string | null>(null);
  // The person may edit on while a file is read.
  const latest = useRef(draft);
  latest.current = draft;
  const say = (stem: string, note: SlotNote) => setNotes((before) => ({ ...before, [stem]: note }));
  const change = (images: TemplateDraft["images"]) => {
    latest.current = { ...latest.current, images };
    edit({ images });
  };
  const place = async (files: readonly Placed[]) => {
    const byStem = Map.groupBy(files, ({ slot, language }) => stemFor(slot, language));
    for (const [stem, ofStem] of byStem) {
      const added: [string, TemplateDraft["images"][string]][] = [];
      const done: string[] = [];
      let refusal: string | null = null;
      for (const { file, slot, density } of ofStem) {
        const area = imageAreaFor(draftLayout(latest.current), slot);
        const read = await readImageFile(file, area, density);
        if ("refusal" in read) refusal = read.refusal;
        else {
          added.push([pathAt(stem, read.density), read.image]);
          if (read.done !== "") done.push(read.done);
        }
      }
      if (added.length > 0) {
        const images = withImages(latest.current.images, Object.fromEntries(added));
        refusal ??= tooManyBytes(images);
        if (refusal === null) change(images);
      }
      say(stem, refusal === null ? { text: done.join(" ") } : { text: refusal, isFault: true });
    }
  };
  const placeByName = (files: readonly File[]) => {
    const named = files.map((file) => ({ file, name: readImageName(file.name) }));
    setUnknown(unknownWords(named.flatMap(({ file, name }) => (name === undefined ? [file.name] : []))));
    void place(
      named.flatMap(({ file, name }) => (name === undefined ? [] : [{ file, ...name, language: null }])),
    );
  };
  const remove = (stem: string) => {
    change(withoutImage(latest.current.images, stem));
    say(stem, { text: "" });
  };
  return (
    <div class="images-panel">
      <p class="hint">
        One sharp picture is enough for each: the smaller sizes are made from it, and a picture that is too
        large is made smaller.
      </p>
      <ul class="image-slots">
        {slotsOfDraft(draft).flatMap(({ slot, isShown }) =>
          [null, ...languagesOfSlot(draft.images, slot)].map((language) => (
            <ImageSlot
              key={stemFor(slot, language)}
              {...props}
              slot={slot}
              isShown={isShown}
              language={language}
              note={notes[stemFor(slot, language)] ?? null}
              onFile={(file, into) => void place([{ file, slot, language: into, density: undefined }])}
              onRemove={() => remove(stemFor(slot, language))}
            />
          )),
        )}
      </ul>
      <FileDrop
        id="images-by-name"
        label="Several pictures at once"
        hint="Drop files such as icon@3x.png and logo.png here: each goes to the place that its name says."
        accept="image/*"
        isBusy={false}
        onFile={(file) => placeByName([file])}
        onFiles={placeByName}
      />
      {unknown !== null && (
        <p class="hint fault" role="alert">
          {unknown}
        </p>
      )}
    </div>
  );
}

/** @returns null if the names of all files say where they go */
function unknownWords(names: readonly string[]): string | null {
  if (names.length === 0) return null;
  return `${new Intl.ListFormat("en-GB").format(names)}: the name does not say which image it is. Drop it on one of the images above.`;
}
