import { choose } from "../choose";
import { t } from "../language";
import { changeLevel } from "../load";
import { Name } from "../panels/name";
import * as s from "../state";
import { number } from "../words";
import * as n from "./state";

/** Fewer where the list beneath would be pushed off a low screen. */
const MOST = window.innerHeight < 1000 ? 3 : 5;

/** Live places are squares: show those first where larger places are on show. */
async function open(cell: number): Promise<void> {
  if (s.level.value !== "cell") await changeLevel("cell");
  choose(cell, { from: "list", focus: s.narrow.matches });
}

/** Where something was reported in the last day, the newest first; changes as it comes, without a reload. */
export function Latest() {
  if (!n.here.value || n.change.value === 0) return null;
  const rows = n.latest(MOST);
  return (
    <section class="latest" aria-labelledby="latest-title">
      <h2 id="latest-title">{t("Reported in the last 24 hours")}</h2>
      {rows.length === 0 ? (
        <p class="empty">{t("Nothing yet.")}</p>
      ) : (
        <table class="latest-list">
          <thead>
            <tr>
              <th scope="col">{t("Place")}</th>
              <th scope="col" class="figure">{t("24 hours")}</th>
              <th scope="col" class="figure">{t("7 days")}</th>
              <th scope="col" class="figure">{t("Rate now, a week")}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map(([cell, now]) => (
              <tr
                key={`${cell} ${now.rose}`} data-live={cell} data-day={now.day}
                class={`${now.rose > 0 ? "fresh" : ""} ${s.cell.value === cell ? "chosen" : ""}`}
                onClick={() => void open(cell)}
              >
                <th scope="row">
                  <button
                    type="button"
                    onClick={(event) => (event.stopPropagation(), void open(cell))}
                  >
                    <Name of={n.names.get(cell) ?? ""} />
                  </button>
                </th>
                <td class="figure">{now.day}</td>
                <td class="figure">{now.week}</td>
                <td class="figure">{number(now.rate)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

/** What is known of one place right now, for the place panel. */
export function NowHere({ cell }: { cell: number }) {
  const layer = s.liveLayer.value;
  if (!layer || n.change.value === 0) return null;
  const now = n.cells.get(cell);
  const at = s.lattice.value?.box(cell);
  const byte = at ? (n.box[at[1] * s.lattice.value!.cols + at[0]] ?? 0) : 0;
  return (
    <dl class="figures now-here" aria-label={t("Now")}>
      <div>
        <dt>{t("Last 24 hours")}</dt>
        <dd data-now="day">{now?.day ?? 0}</dd>
      </div>
      <div>
        <dt>{t("Last 7 days")}</dt>
        <dd>{now?.week ?? 0}</dd>
      </div>
      <div>
        <dt>{t("Rate now, a week")}</dt>
        <dd class={now ? "" : "small"}>{now ? number(now.rate) : (layer.labels[(byte >> 3) - 1] ?? t("no data"))}</dd>
      </div>
    </dl>
  );
}
