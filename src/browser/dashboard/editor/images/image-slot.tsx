/**
 * One slot of the images, or the image of one language in it: what is there, what is wanted, and a drop.
 */
import { imageAreaFor } from "../../../../pkpass/images/slots.ts";
import { FileDrop } from "../../views/form-parts.tsx";
import { useKeptFocus } from "../../views/parts.tsx";
import { FindingNotes } from "../check/finding-notes.tsx";
import type { PanelProps } from "../panel.ts";
import { languageName } from "../translations/languages.ts";
import { sharpnessWords, sizeWords } from "./image-fit.ts";
import { ImagePicture } from "./image-picture.tsx";
import {
  draftLayout,
  findingsOfStem,
  isWidthOnly,
  languagesOfDraft,
  languagesOfSlot,
  sharpestOf,
  slotWords,
  stemFor,
  wantedSizeWords,
} from "./image-slots.ts";

/** What happened to the last file. */
export interface SlotNote {
  readonly text: string;
  readonly isFault?: boolean;
}

interface ImageSlotProps extends PanelProps {
  readonly slot: string;
  readonly isShown: boolean;
  /** Null: the image of all languages that have none of their own. */
  readonly language: string | null;
  readonly note: SlotNote | null;
  readonly onFile: (file: File, language: string | null) => void;
  readonly onRemove: () => void;
}

/** Said in the page's own words, with the size that is wanted. */
const OWN_WORDS: readonly string[] = [
  "image_density_missing",
  "image_too_small",
  "missing_icon",
  "image_not_shown",
];

export function ImageSlot(props: ImageSlotProps) {
  const { draft, findings, imagesPath, slot, isShown, language, note, onFile, onRemove } = props;
  const stem = stemFor(slot, language);
  const { title, purpose } = slotWords(slot);
  const name = language === null ? title : `${title}, ${languageName(language)}`;
  const area = imageAreaFor(draftLayout(draft), slot);
  const wanted = wantedSizeWords(area);
  const sharpest = sharpestOf(draft.images, stem);
  const blurred = sharpest && sharpnessWords(sharpest.image, sharpest.density, area, wanted);
  const { element, ...inside } = useKeptFocus<HTMLLIElement>(sharpest?.image);
  const isMissing = sharpest === undefined && slot === "icon" && language === null;
  return (
    <li ref={element} tabIndex={-1} class="image-slot" {...inside}>
      <FileDrop
        id={`image-${stem}`}
        label={name}
        hint={sharpest === undefined ? "Drop a picture here, or choose it" : "Drop or choose another one"}
        accept="image/*"
        isBusy={false}
        onFile={(file) => onFile(file, language)}
      >
        <ImagePicture image={sharpest?.image} imagesPath={imagesPath} />
      </FileDrop>
      <div class="image-facts">
        {language === null && <p class="hint">{purpose}</p>}
        <p class="hint">
          {sharpest === undefined
            ? onOneLine(`${wanted}${isWidthOnly(area) ? ", or lower" : ""}`)
            : onOneLine(sizeWords(sharpest.image))}
        </p>
        {isMissing && <p class="hint fault">A pass without an icon is refused by iPhones.</p>}
        {!isShown && <p class="hint fault">Passes of this style do not show it. Remove it.</p>}
        {blurred && <p class="hint warn">{onOneLine(blurred)}</p>}
        <p class={note?.isFault === true ? "hint fault" : "hint"} role="status">
          {note?.text}
        </p>
        <FindingNotes
          pointer=""
          findings={findingsOfStem(findings, stem).filter(({ code }) => !OWN_WORDS.includes(code))}
        />
        <div class="actions">
          {sharpest !== undefined && (
            <button type="button" aria-label={`Remove ${name}`} onClick={onRemove}>
              Remove
            </button>
          )}
        </div>
        {language === null && slot !== "icon" && <OwnForLanguage {...props} />}
      </div>
    </li>
  );
}

/** A size is not broken: "1125 × 432 pixels". */
function onOneLine(text: string): string {
  return text.replaceAll(/(?<=\d) (?=[×p])|(?<=×) /g, "\u00a0");
}

/** A picture for one of the languages of the template. The icon is the same for all. */
function OwnForLanguage({ draft, slot, onFile }: ImageSlotProps) {
  const having = languagesOfSlot(draft.images, slot);
  const left = languagesOfDraft(draft).filter((language) => !having.includes(language));
  if (left.length === 0) return null;
  return (
    <details>
      <summary>For one language</summary>
      <p class="hint">
        A picture for all languages hides those for one language. Give every language its own, and remove the
        one for all.
      </p>
      {left.map((language) => (
        <FileDrop
          key={language}
          id={`image-${slot}-in-${language}`}
          label={languageName(language)}
          hint="Drop a picture here, or choose it"
          accept="image/*"
          isBusy={false}
          onFile={(file) => onFile(file, language)}
        />
      ))}
    </details>
  );
}
