/**
 * The picture of an image of the draft: of its bytes, or of what the service has stored.
 */
import { usePictures } from "../../card/use-card-parts.ts";
import type { DraftImage } from "../draft/draft.ts";

interface ImagePictureProps {
  /** Undefined: there is none. */
  readonly image: DraftImage | undefined;
  /** Undefined: nothing is stored yet. */
  readonly imagesPath: string | undefined;
}

export function ImagePicture({ image, imagesPath = "" }: ImagePictureProps) {
  const slot = "shown";
  const { width = 0, height = 0 } = image ?? {};
  const pictures = usePictures(image === undefined ? [] : [{ slot, image, width, height }], imagesPath);
  const picture = image === undefined ? undefined : pictures[slot];
  return (
    <span class="image-picture" aria-hidden="true">
      {picture !== undefined && <img src={picture.url} alt="" />}
    </span>
  );
}
