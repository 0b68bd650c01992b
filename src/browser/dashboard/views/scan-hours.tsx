/**
 * A chart of the scans of one day by hour, with the same numbers as a table.
 */
import { useState } from "preact/hooks";
import { dateWords } from "../../times.ts";
import { type HourCount, parseHourCounts } from "../admin-answers.ts";
import { queryOf } from "../route.ts";
import {
  clockOf,
  daysWithScans,
  type HourBar,
  hourBarsOf,
  hourRowsOf,
  hourWords,
  PARTS,
} from "../scan-hours.ts";
import { useLoaded } from "../use-api.ts";
import { countWords, whenWords } from "../words.ts";
import { SelectField } from "./form-parts.tsx";
import { Placeholder, ProblemNote } from "./parts.tsx";

interface ScanHoursProps {
  /** The filters that the API has for it. */
  readonly asked: Readonly<Record<string, string>>;
  /** Empty: all. */
  readonly outcome: string;
}

export function ScanHours({ asked, outcome }: ScanHoursProps) {
  const utcOffset = String(-new Date().getTimezoneOffset());
  const { body, problem } = useLoaded(`/scans/by-hour${queryOf({ ...asked, utcOffset })}`, parseHourCounts);
  if (body === undefined) return problem === null ? <Placeholder /> : <ProblemNote problem={problem} />;
  const items = body.items.filter((item) => outcome === "" || item.outcome === outcome);
  const days = daysWithScans(items);
  if (days.length === 0) return null;
  return (
    <section aria-label="Scans by hour">
      <h2>By hour</h2>
      <DayChart items={items} days={days} />
      {!body.isExact && (
        <p class="hint">
          Only the newest scans are counted here, since {whenWords(body.countedFrom, Date.now())}. Choose a
          place or a time for the others.
        </p>
      )}
    </section>
  );
}

function DayChart({
  items,
  days,
}: {
  readonly items: readonly HourCount[];
  readonly days: readonly number[];
}) {
  const [chosen, setChosen] = useState("");
  const day = days.find((each) => String(each) === chosen) ?? days[0] ?? 0;
  const bars = hourBarsOf(items, day);
  const total = bars.reduce((sum, bar) => sum + bar.total, 0);
  const busiest = bars.reduce((most, bar) => (bar.total > most.total ? bar : most));
  const now = Date.now();
  return (
    <>
      <div class="form">
        <SelectField
          id="day"
          label="Day"
          value={String(day)}
          options={days.map((each) => [String(each), dateWords(each, now)] as const)}
          onChange={setChosen}
        />
      </div>
      <p>
        {countWords(total, "scan")}. The most were from {hourWords(busiest.hour)}: {busiest.total}.
      </p>
      <Bars bars={bars} most={busiest.total} />
      <HourTable items={items} day={day} />
    </>
  );
}

/** Width and height of the drawing, which is stretched to the page. */
const [WIDTH, HEIGHT] = [24, 100];
const GAP = 0.2;

/** The table has the same numbers for screen readers, and for those who do not see the colours. */
function Bars({ bars, most }: { readonly bars: readonly HourBar[]; readonly most: number }) {
  const shown = PARTS.filter(([tone]) => bars.some(({ byTone }) => byTone[tone] > 0));
  return (
    <div class="hours" aria-hidden="true">
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
        {bars.map((bar) => {
          let top = HEIGHT;
          return PARTS.map(([tone]) => {
            const height = (HEIGHT * bar.byTone[tone]) / Math.max(1, most);
            top -= height;
            return height === 0 ? null : (
              <rect
                key={`${bar.hour} ${tone}`}
                class={tone}
                x={bar.hour + GAP / 2}
                y={top}
                width={1 - GAP}
                height={height}
              />
            );
          });
        })}
      </svg>
      <p class="hours-axis hint">
        {["00:00", "06:00", "12:00", "18:00", "24:00"].map((hour) => (
          <span key={hour}>{hour}</span>
        ))}
      </p>
      <p class="hours-legend hint">
        {shown.map(([tone, text]) => (
          <span key={tone}>
            <svg viewBox="0 0 1 1" aria-hidden="true">
              <rect class={tone} width="1" height="1" />
            </svg>
            {text}
          </span>
        ))}
      </p>
    </div>
  );
}

function HourTable({ items, day }: { readonly items: readonly HourCount[]; readonly day: number }) {
  return (
    <details>
      <summary>As a table</summary>
      <table class="numbers">
        <thead>
          <tr>
            <th scope="col">From</th>
            <th scope="col">Place</th>
            <th scope="col">Scans</th>
            <th scope="col">Outcomes</th>
          </tr>
        </thead>
        <tbody>
          {hourRowsOf(items, day).map(({ hour, place, count, outcomes }) => (
            <tr key={`${hour} ${place}`}>
              <th scope="row">{clockOf(hour)}</th>
              <td>{place ?? "No place"}</td>
              <td>{count}</td>
              <td>{outcomes}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}
