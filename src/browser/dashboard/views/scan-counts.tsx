/**
 * How many scans there were, by outcome and by place.
 */
import type { ScanCounts } from "../admin-answers.ts";
import { countWords, outcomeWord } from "../words.ts";

/** The bars are decoration: the numbers say the same. */
export function ScanCountsView({ counts }: { readonly counts: ScanCounts | null }) {
  if (counts === null || counts.total + counts.undone === 0) return null;
  const { total, undone, byOutcome, byPlace, isExact } = counts;
  const outcomes = Object.entries(byOutcome)
    .filter(([, count]) => count > 0)
    .sort(([, one], [, other]) => other - one)
    .map(([outcome, count]) => ({ label: outcomeWord(outcome).text, count }));
  const places = byPlace.map(({ place, count }) => ({ label: place ?? "No place", count }));
  return (
    <section class="counts" aria-label="Counts">
      <p class="lead">
        {isExact ? "" : "Of the newest ones: "}
        {countWords(total, "scan")}
        {undone > 0 && <span class="hint"> and {undone} undone</span>}
      </p>
      <div class="charts">
        <Bars title="By outcome" bars={outcomes} />
        <Bars title="By place" bars={places} />
      </div>
    </section>
  );
}

interface BarsProps {
  readonly title: string;
  readonly bars: readonly { readonly label: string; readonly count: number }[];
}

const MOST_BARS = 8;

function Bars({ title, bars }: BarsProps) {
  const most = Math.max(1, ...bars.map(({ count }) => count));
  return (
    <div>
      <h2>{title}</h2>
      <dl class="bars">
        {bars.slice(0, MOST_BARS).map(({ label, count }) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>
              <svg viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
                <rect width={(100 * count) / most} height="6" />
              </svg>
              <span>{count.toLocaleString("en-GB")}</span>
            </dd>
          </div>
        ))}
      </dl>
      {bars.length > MOST_BARS && <p class="hint">And {bars.length - MOST_BARS} more.</p>}
    </div>
  );
}
