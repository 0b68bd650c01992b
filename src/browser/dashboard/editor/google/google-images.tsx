/**
 * The images that only Google Wallet shows. Each has one size, in place of the densities of Apple's.
 */
import { useRef, useState } from "preact/hooks";
import { stemOf } from "../../../../pkpass/images/names.ts";
import type { ImageArea } from "../../../../pkpass/images/slots.ts";
import { FileDrop } from "../../views/form-parts.tsx";
import { useKeptFocus } from "../../views/parts.tsx";
import { FindingNotes } from "../check/finding-notes.tsx";
import type { TemplateDraft } from "../draft/draft.ts";
import { readImageFile, tooManyBytes } from "../images/image-file.ts";
import { sizeWords } from "../images/image-fit.ts";
import { ImagePicture } from "../images/image-picture.tsx";
import type { SlotNote } from "../images/image-slot.tsx";
import { findingsOfStem, withImages, withoutImage } from "../images/image-slots.ts";
import type { PanelProps } from "../panel.ts";
import { GOOGLE_IMAGE_WORDS } from "./google-words.ts";

/** Pixels for each point of an area. */
const DENSITY = 3;

/** A logo is made smaller as a whole, because a circle is cut out of it. A wide picture fills its area. */
const AREAS: Readonly<Record<string, ImageArea>> = {
  "google/logo.png": { max: [220, 220] },
  "google/hero.png": { min: [344, 112] },
};

export function GoogleImages(props: PanelProps) {
  const { draft, edit } = props;
  const [notes, setNotes] = useState<Readonly<Record<string, SlotNote>>>({});
  // The person may edit on while a file is read.
  const latest = useRef(draft);
  latest.current = draft;
  const say = (path: string, note: SlotNote) => setNotes((before) => ({ ...before, [path]: note }));
  const change = (images: TemplateDraft["images"]) => {
    latest.current = { ...latest.current, images };
    edit({ images });
  };
  const place = async (path: string, file: File) => {
    const read = await readImageFile(file, AREAS[path], DENSITY);
    if ("refusal" in read) return say(path, { text: read.refusal, isFault: true });
    const images = withImages(latest.current.images, { [path]: read.image });
    const refusal = tooManyBytes(images);
    if (refusal !== null) return say(path, { text: refusal, isFault: true });
    change(images);
    say(path, { text: read.done });
  };
  const remove = (path: string) => {
    change(withoutImage(latest.current.images, stemOf(path)));
    say(path, { text: "" });
  };
  return (
    <ul class="image-slots">
      {Object.keys(GOOGLE_IMAGE_WORDS).map((path) => (
        <GoogleImage
          key={path}
          {...props}
          path={path}
          note={notes[path] ?? null}
          onFile={(file) => void place(path, file)}
          onRemove={() => remove(path)}
        />
      ))}
    </ul>
  );
}

interface GoogleImageProps extends PanelProps {
  readonly path: string;
  readonly note: SlotNote | null;
  readonly onFile: (file: File) => void;
  readonly onRemove: () => void;
}

function GoogleImage({ draft, findings, imagesPath, path, note, onFile, onRemove }: GoogleImageProps) {
  const { title = path, purpose = "", size = "" } = GOOGLE_IMAGE_WORDS[path] ?? {};
  const image = Object.hasOwn(draft.images, path) ? draft.images[path] : undefined;
  const { element, ...inside } = useKeptFocus<HTMLLIElement>(image);
  return (
    <li ref={element} tabIndex={-1} class="image-slot" {...inside}>
      <FileDrop
        id={`image-${stemOf(path)}`}
        label={title}
        hint={image === undefined ? "Drop a picture here, or choose it" : "Drop or choose another one"}
        accept="image/*"
        isBusy={false}
        onFile={onFile}
      >
        <ImagePicture image={image} imagesPath={imagesPath} />
      </FileDrop>
      <div class="image-facts">
        <p class="hint">{purpose}</p>
        <p class="hint">{image === undefined ? size : sizeWords(image)}</p>
        <p class={note?.isFault === true ? "hint fault" : "hint"} role="status">
          {note?.text}
        </p>
        <FindingNotes
          pointer=""
          // The line with the size says that there is none.
          findings={findingsOfStem(findings, stemOf(path)).filter(
            ({ code }) => code !== "google_image_missing",
          )}
        />
        {image !== undefined && (
          <div class="actions">
            <button type="button" aria-label={`Remove ${title}`} onClick={onRemove}>
              Remove
            </button>
          </div>
        )}
      </div>
    </li>
  );
}
