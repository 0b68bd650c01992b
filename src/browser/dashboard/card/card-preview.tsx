/**
 * A pass as a picture: the drawing of src/pages/card in a shadow root, so that its styles and those of the page do not meet.
 */
import type { JsonObject } from "../../../json.ts";
import type { DraftImage } from "../editor/draft.ts";

interface CardPreviewProps {
  /** pass.json, which may be incomplete or wrong: then it is drawn as far as possible. */
  readonly pass: JsonObject;
  readonly images: Readonly<Record<string, DraftImage>>;
  /** The path of the API that has the stored images, such as `/templates/7/images`. Their hash follows. */
  readonly imagesPath: string;
  readonly strings?: Readonly<Record<string, Readonly<Record<string, string>>>> | undefined;
  /** One of the languages of `strings`. Default: the texts of pass.json. */
  readonly language?: string | undefined;
  readonly isInvalid?: boolean;
  /** What a screen reader says in place of the picture. */
  readonly label: string;
}

export function CardPreview({ label }: CardPreviewProps) {
  return <div role="img" aria-label={label} />;
}
