import { t } from "../language";
import { count, inPeriods, onePeriod, period } from "../words";

interface Point {
  start: string;
  count: number | null;
}

const WIDE = 340;
const HIGH = 84;

/** What was recorded here, period by period: a picture with a sentence, and the same as a table. */
export function HistoryChart({ points, every }: { points: Point[]; every: string }) {
  if (points.length === 0) return <p>{t("No history is held for this place.")}</p>;
  const known = points.filter((p) => p.count !== null);
  const top = Math.max(1, ...known.map((p) => p.count ?? 0));
  const pitch = WIDE / points.length;
  const total = known.reduce((sum, p) => sum + (p.count ?? 0), 0);
  const gap = pitch > 4 ? 1.2 : 0.3;
  const words = t("{total} recorded in {periods} from {start}; most in one {period}: {most}.", {
    total: count(total), periods: inPeriods(known.length, every), start: period(points[0]!.start, every),
    period: onePeriod(every), most: top,
  });
  return (
    <figure class="history">
      <figcaption>{words}</figcaption>
      <svg viewBox={`0 0 ${WIDE} ${HIGH + 4}`} role="img" aria-label={words} preserveAspectRatio="none">
        <line class="axis" x1="0" x2={WIDE} y1={HIGH + 0.5} y2={HIGH + 0.5} />
        {points.map((p, k) =>
          p.count === null ? (
            <rect class="absent" x={k * pitch} width={pitch} y={HIGH - 6} height={6} />
          ) : (
            <rect
              x={k * pitch + gap / 2} width={Math.max(0.6, pitch - gap)} y={HIGH - (p.count / top) * (HIGH - 4)}
              height={(p.count / top) * (HIGH - 4)}
            />
          ),
        )}
      </svg>
      <div class="span-words" aria-hidden="true">
        <span>{period(points[0]!.start, every)}</span>
        <span>{period(points.at(-1)!.start, every)}</span>
      </div>
      <details>
        <summary>{t("These numbers as a table")}</summary>
        <div class="numbers" tabIndex={0} role="group" aria-label={t("History table")}>
          <table>
            <thead>
              <tr>
                <th scope="col">{t("From")}</th>
                <th scope="col">{t("Recorded")}</th>
              </tr>
            </thead>
            <tbody>
              {[...points].reverse().map((p) => (
                <tr>
                  <th scope="row">{period(p.start, every)}</th>
                  <td>{p.count === null ? t("not published") : count(p.count)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </details>
    </figure>
  );
}
