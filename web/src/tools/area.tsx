import { effect, signal } from "@preact/signals";
import { readDrawn } from "../api";
import { choose } from "../choose";
import { many, markOf, t, woven } from "../language";
import { board } from "../map/current";
import type { Drawn } from "../contract";
import { Name } from "../panels/name";
import { HistoryChart } from "../panels/history-chart";
import { rectangle, writeShape } from "../shape";
import * as s from "../state";
import { capital, count, inPeriods, lastPeriod, number } from "../words";
import { Around, ByName, FromList } from "./named";
import { Saved } from "./saved";
import { begin, corners, drawn, end, followSketch, mode, pick, picked } from "./sketch";

const fault = signal<string | null>(null);
let following = false;
/** Have the server add the area up whenever it, the run or the period changes. */
function follow(): void {
  if (following) return;
  following = true;
  followSketch();
  let asked: AbortController | null = null;
  effect(() => {
    const [run, shape, step, level] = [s.manifest.value?.run, s.shape.value, s.step.value, s.level.value];
    asked?.abort();
    if (!run || !shape) {
      drawn.value = null;
      fault.value = null;
      return;
    }
    asked = new AbortController();
    readDrawn(run, level, shape, step, asked.signal).then(
      (found) => {
        const news = drawn.value?.shape !== found.shape;
        drawn.value = found;
        fault.value = null;
        if (news && mode.value === null) s.say(found.sentence);
      },
      (trouble: Error) => {
        if (trouble.name === "AbortError") return;
        drawn.value = null;
        fault.value = trouble.message;
        s.say(trouble.message);
      },
    );
  });
}

const SIDES = [["West", t("West")], ["South", t("South")], ["East", t("East")], ["North", t("North")]] as const;

/** Type the bounds: the same as drawing a rectangle, in metres of the map's own grid. */
function Bounds() {
  const lattice = s.lattice.value;
  const view = s.bounds.value;
  if (!lattice) return null;
  const at = view ? [...lattice.plain(view[0]!, view[1]!), ...lattice.plain(view[2]!, view[3]!)] : [0, 0, 0, 0];
  return (
    <details class="area-bounds">
      <summary>{t("Type its bounds")}</summary>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          const [w, south, e, n] = SIDES.map(([side]) => Number(new FormData(event.currentTarget).get(side)));
          s.shape.value = writeShape(rectangle(lattice.cornerOf(w!, south!), lattice.cornerOf(e!, n!)));
        }}
      >
        <p>{t("Eastings and northings in metres; they are rounded to the edges of squares.")}</p>
        {SIDES.map(([side, words], k) => (
          <label>
            {words}
            <input name={side} type="number" required step="any" value={Math.round(at[k]!)} />
          </label>
        ))}
        <button type="submit" class="quiet">
          {t("Use these bounds")}
        </button>
      </form>
    </details>
  );
}

function mapView(): void {
  const view = board.value?.view();
  const lattice = s.lattice.value;
  if (!view || !lattice) return;
  s.shape.value = writeShape(rectangle(lattice.cornerNear(view[0], view[1]), lattice.cornerNear(view[2], view[3])));
}

function Ways() {
  const chosen = s.cell.value;
  if (mode.value) return <Going />;
  return (
    <div class="ways">
      <button type="button" class="quiet" onClick={() => begin("polygon")}>
        {t("Draw a line")}
      </button>
      <button type="button" class="quiet" onClick={() => begin("pick")}>
        {t("Pick on the map")}
      </button>
      {chosen !== null && (
        <button type="button" class="quiet" onClick={() => pick(chosen)}>
          {picked().includes(chosen) ? t("Take out the chosen place") : t("Add the chosen place")}
        </button>
      )}
      <FromList />
      <button type="button" class="quiet" onClick={mapView}>
        {t("What the map shows")}
      </button>
      {s.shape.value && (
        <button type="button" class="quiet" onClick={() => ((s.shape.value = null), s.say(t("Area cleared.")))}>
          {t("Clear")}
        </button>
      )}
    </div>
  );
}

function Going() {
  const said =
    mode.value === "polygon"
      ? many(corners.value.length, "Drawing: {n} corner.", "Drawing: {n} corners.")
      : many(picked().length, "Picking: {n} place.", "Picking: {n} places.");
  return (
    <div class="going">
      <p>
        <strong>{said}</strong>{" "}
        {t("Click on the map; by keyboard, move the map with the arrow keys and press Space at the crosshair. Enter ends, Backspace takes back.")}
      </p>
      <div class="ways">
        <button
          type="button" class="quiet"
          disabled={mode.value === "polygon" && corners.value.length < 3}
          onClick={() => {
            if (mode.value === "polygon") s.shape.value = writeShape({ kind: "polygon", corners: corners.value });
            end();
          }}
        >
          {t("Done")}
        </button>
        <button type="button" class="quiet" onClick={end}>
          {t("Leave")}
        </button>
      </div>
    </div>
  );
}

const percent = (share: number | null) =>
  share === null ? t("no data") : share < 0.001 && share > 0 ? t("under 0.1 %") : `${(share * 100).toFixed(share < 0.1 ? 1 : 0)} %`;

const cautious = ({ low, high }: Drawn) =>
  low === null || high === null ? "" : t("cautiously {low} to {high}", { low, high });

function Figures() {
  const found = drawn.value!;
  const rows: [string, string, string][] = [
    [t("Expected"), number(found.mean), cautious(found)],
    [t("Same days last year"), count(found.year_before), ""],
    [t("Last year"), count(found.last_year), ""],
    [t("Share of the whole"), percent(found.share), t("in {share} of the places", { share: percent(found.share_of_places) })],
  ];
  if (found.harm !== null) rows.splice(1, 0, [t("Expected harm"), number(found.harm), ""]);
  return (
    <dl class="figures" data-mean={found.mean ?? ""} data-last-year={found.last_year ?? ""}>
      {rows.map(([title, value, more]) => (
        <div>
          <dt>{title}</dt>
          <dd>
            {value} {more && <span>{more}</span>}
          </dd>
        </div>
      ))}
    </dl>
  );
}

function Trend() {
  const trend = drawn.value?.trend;
  const every = drawn.value?.history_every ?? "period";
  if (!trend) return null;
  const span =
    trend.periods === 1
      ? lastPeriod(every)
      : t("the last {periods}", { periods: inPeriods(trend.periods, every) });
  return (
    <p class="trend">
      {woven("Recorded in {span}: {now}. Before that {before} ({compared}); a year before {year} ({year_compared}).", {
        span, now: <b>{count(trend.now)}</b>, before: count(trend.before), compared: trend.words_before,
        year: count(trend.year_before), year_compared: trend.words_year,
      })}
    </p>
  );
}

function Result() {
  const found = drawn.value;
  if (!found) return null;
  return (
    <div class="area-result" data-area={found.shape}>
      {found.name && <h3>{found.name}</h3>}
      <p class="area-sentence">{capital(found.sentence)}</p>
      <Figures />
      <Trend />
      {found.unheld > 0 && <p class="note">{many(
        found.unheld, "{n} of its places holds no data: missing, not zero.", "{n} of its places hold no data: missing, not zero.",
      )}</p>}
      <details>
        <summary>{t("Recorded here, and its top places")}</summary>
        <HistoryChart points={found.history} every={found.history_every} />
        <ol class="area-rows">
          {found.rows.map((row) => (
            <li>
              <button
                type="button" class="quiet" disabled={found.level !== s.level.value}
                onClick={() => choose(row.cell, { from: "list" })}
              >
                <Name of={row.name} />
              </button>
              <span>
                {t("{mean} expected, {last_year} last year", { mean: number(row.mean), last_year: count(row.last_year) })}
              </span>
            </li>
          ))}
        </ol>
      </details>
    </div>
  );
}

/** Draw or pick an area: its counts, forecast, trend and share, saved and shared by link. */
export function AreaTool() {
  follow();
  return (
    <div class="area">
      <h2>{t("An area of your own")}</h2>
      <Ways />
      {fault.value && <p class="fault" lang={markOf(fault.value)}>{fault.value}</p>}
      <Result />
      {!mode.value && (
        <>
          <ByName />
          <Around />
          <Bounds />
        </>
      )}
      <Saved />
    </div>
  );
}
