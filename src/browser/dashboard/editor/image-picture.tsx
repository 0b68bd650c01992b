/**
 * The picture of an image of the draft: of its bytes, or of what the service has stored.
 */
import { useEffect, useState } from "preact/hooks";
import type { DraftImage } from "./draft.ts";

interface ImagePictureProps {
  /** Undefined: there is none. */
  readonly image: DraftImage | undefined;
  readonly imagesPath: string | undefined;
  readonly slot: string;
}

export function ImagePicture({ image, imagesPath, slot }: ImagePictureProps) {
  const url = usePictureUrl(image, imagesPath);
  return (
    <span class={`image-picture of-${slot}`} aria-hidden="true">
      {url === undefined ? null : <img src={url} alt="" />}
    </span>
  );
}

function usePictureUrl(image: DraftImage | undefined, _imagesPath: string | undefined): string | undefined {
  const [url, setUrl] = useState<string>();
  useEffect(() => {
    if (image?.kind !== "new") return setUrl(undefined);
    const made = URL.createObjectURL(new Blob([image.bytes], { type: "image/png" }));
    setUrl(made);
    return () => URL.revokeObjectURL(made);
  }, [image]);
  return url;
}
