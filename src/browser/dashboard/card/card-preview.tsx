/**
 * A pass as a picture: the drawing of src/pages/card in a shadow root, so that its styles and those of the page do not affect each other.
 */
import { useLayoutEffect, useMemo, useRef } from "preact/hooks";
import type { JsonObject } from "../../../json.ts";
import { Details } from "../../../pages/card/back.tsx";
import { Card } from "../../../pages/card/card.tsx";
import { looksOf } from "../../../pages/card/looks.ts";
import { drawnFields } from "../../../pages/card/sections.ts";
import { useSeen } from "../use-seen.ts";
import { cardDirection, translatedPass } from "./card-texts.ts";
import { chooseImages, type DraftImages, slotsIn } from "./choose-images.ts";
import { OpeningElsewhere, useShadow } from "./shadow.tsx";
import { useCode, usePictures } from "./use-card-parts.ts";

export interface CardPreviewProps {
  /** pass.json, which may be incomplete or wrong: then it is drawn as far as possible. */
  readonly pass: JsonObject;
  readonly images: DraftImages;
  /** The path of the API that has the stored images, such as `/templates/7/images`. Their hash follows. */
  readonly imagesPath: string;
  readonly strings?: Readonly<Record<string, Readonly<Record<string, string>>>> | undefined;
  /** One of the languages of `strings`. Default: the texts of pass.json. */
  readonly language?: string | undefined;
  /** An invalid pass is drawn pale. */
  readonly isInvalid?: boolean;
  /** What a screen reader says in place of the picture. */
  readonly label: string;
  /** small: for a list. It has a fixed size, and is drawn when it is near the window. */
  readonly size?: "full" | "small";
  /** True: as it looks on phones that do not know the newest layout. */
  readonly isOlder?: boolean;
}

export function CardPreview(props: CardPreviewProps) {
  const { pass: json, images, imagesPath, strings, language, isInvalid = false, label } = props;
  const { size = "full", isOlder = false } = props;
  const isSmall = size === "small";
  const frame = useRef<HTMLDivElement>(null);
  const host = useRef<HTMLDivElement>(null);
  const isSeen = useSeen(frame, isSmall);
  const pass = useMemo(() => translatedPass(json, strings, language), [json, strings, language]);
  const chosen = isSeen ? chooseImages(images, language, isSmall) : [];
  const code = useCode(pass, isSeen);
  const pictures = usePictures(chosen, imagesPath);
  const locale = language ?? navigator.language;
  const looks = looksOf(pass, slotsIn(images));
  const look = isOlder ? (looks.at(-1) ?? looks[0]) : looks[0];
  const direction = cardDirection(pass, locale, language);
  const card = { pass, look, pictures, code, locale, direction, isInvalid };
  useShadow(host, isSeen ? () => <Card {...card} /> : undefined, pass);
  useLayoutEffect(() => {
    if (isSmall) fitInto(frame.current, host.current);
  });
  const sizeClass = isSmall ? `is-small ${isSeen ? "is-drawn" : ""}` : "";
  return (
    <div ref={frame} role="img" aria-label={label} class={`card-preview ${sizeClass}`}>
      {/* A screen reader has the label in place of the parts. */}
      <div ref={host} aria-hidden="true" />
    </div>
  );
}

/** Scales the card down to its place in a list. The styles set the size of that place. */
function fitInto(frame: HTMLElement | null, card: HTMLElement | null): void {
  if (frame === null || card === null || card.offsetHeight === 0) return;
  const { width, height } = frame.getBoundingClientRect();
  const scale = Math.min(width / card.offsetWidth, height / card.offsetHeight);
  const left = (width - scale * card.offsetWidth) / 2;
  card.style.transform = `translateX(${left}px) scale(${scale})`;
}

/** Whether older phones draw the pass in another way. */
export function hasOlderLook(json: JsonObject, images: DraftImages): boolean {
  return looksOf(translatedPass(json, undefined, undefined), slotsIn(images)).length > 1;
}

type CardBackProps = Pick<CardPreviewProps, "pass" | "images" | "strings" | "language">;

/** The fields of the back, with their links, or a sentence if there are none. */
export function CardBack({ pass: json, images, strings, language }: CardBackProps) {
  const host = useRef<HTMLDivElement>(null);
  const pass = useMemo(() => translatedPass(json, strings, language), [json, strings, language]);
  const [{ style }] = looksOf(pass, slotsIn(images));
  const locale = language ?? navigator.language;
  const fields = (["backFields", "additionalInfoFields"] as const).flatMap((section) =>
    drawnFields(pass, style, section),
  );
  const isEmpty = fields.length === 0;
  useShadow(
    host,
    () => (
      <OpeningElsewhere>
        <Details fields={fields} locale={locale} />
      </OpeningElsewhere>
    ),
    pass,
  );
  return (
    <>
      {isEmpty && <p class="hint">There is nothing on the back.</p>}
      <div ref={host} class="card-back" dir={cardDirection(pass, locale, language)} hidden={isEmpty} />
    </>
  );
}
