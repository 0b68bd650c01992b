/**
 * The poster event ticket of iOS 18: the artwork fills the card, with the event's name and venue over it and the seat in
 * a footer. It is drawn from semantic tags, and has no barcode, since it is read over NFC.
 *
 * Which tags and images it needs follows Apple's "Creating a poster event pass using semantic tags". Where each of them
 * is, and in which size, is a guess from the pictures there.
 */
import { isObject } from "../../json.ts";
import { collectSemantics, type Semantics } from "../../pkpass/collect-semantics.ts";
import { formatMoment } from "../../pkpass/format-value.ts";
import { type Fact, Row } from "./fields.tsx";
import { type LayoutProps, Picture, PosterBrand } from "./parts.tsx";
import type { Words } from "./words.ts";

const MAX_SEAT_FACTS = 4;

export function PosterEventTicket({ pass, style, pictures, locale, words }: LayoutProps) {
  const tags = collectSemantics(pass, style);
  const art = pictures.artwork ?? pictures.background;
  const [day, time] = whenOf(tags, locale, words);
  const seats = seatFacts(tags, words).slice(0, MAX_SEAT_FACTS);
  return (
    <div class="part poster">
      {art && <Picture name="artwork" image={art} />}
      <header class={pass.suppressHeaderDarkening === true ? undefined : "dark"}>
        <PosterBrand
          pass={pass}
          logo={pictures.primaryLogo}
          text={pass.eventLogoText ?? pass.organizationName}
        />
        <p class="when">
          <b>{day}</b>
          {time}
        </p>
      </header>
      <div class="title">
        <p class="name" dir="auto">
          {titleOf(tags)}
        </p>
        <p dir="auto">{[tags.venueName, tags.venueRegionName].filter(Boolean).join(" · ")}</p>
      </div>
      <div class="seats">
        {pictures.secondaryLogo && <Picture name="second" image={pictures.secondaryLogo} />}
        <Row name="secondary" facts={seats} />
      </div>
    </div>
  );
}

/** Teams that play have their abbreviations in large letters. */
function titleOf(tags: Semantics): string {
  const { homeTeamAbbreviation: home, awayTeamAbbreviation: away } = tags;
  if (tags.eventType === "PKEventTypeSports" && home && away) return `${home} – ${away}`;
  return tags.eventName ?? "";
}

function whenOf(tags: Semantics, locale: string, words: Words): [day: string, time: string] {
  const info = isObject(tags.eventStartDateInfo) ? tags.eventStartDateInfo : {};
  if (info.unannounced === true || info.undetermined === true) return [words.undecided, ""];
  const date = info.date ?? tags.eventStartDate;
  const zone = typeof info.timeZone === "string" ? info.timeZone : undefined;
  const day = formatMoment(date, zone, locale, { weekday: "short", day: "numeric", month: "short" });
  const time = formatMoment(date, zone, locale, { timeStyle: "short" });
  return [day ?? "", info.ignoreTimeComponents === true ? "" : (time ?? "")];
}

function seatFacts(tags: Semantics, words: Words): Fact[] {
  const [seat] = tags.seats ?? [];
  const gate = tags.venueEntranceGate;
  const pairs: [label: string, value: string | undefined][] = [
    [words.gate, gate],
    [
      words.entrance,
      gate ? undefined : (tags.venueEntrance ?? tags.venueEntranceDoor ?? tags.venueEntrancePortal),
    ],
    [words.section, seat?.seatSection],
    [words.row, seat?.seatRow],
    [words.seat, (tags.seats ?? []).map(({ seatNumber = "" }) => seatNumber).join(", ")],
    [words.admission, tags.admissionLevel ?? tags.admissionLevelAbbreviation],
  ];
  return pairs.flatMap(([label, value = ""]) => (value === "" ? [] : { label, value }));
}
