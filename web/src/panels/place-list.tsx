import type { Row } from "../contract";
import { address, tablePath } from "../api";
import { choose } from "../choose";
import { many, t } from "../language";
import * as s from "../state";
import { between, certaintyLevel, certaintyWords, count, number } from "../words";
import { Interval } from "./interval";
import { Name } from "./name";
import { Dots } from "./story";

const dots = (level: number | null) => (level === null ? 0 : level >= 5 ? 3 : level >= 3 ? 2 : 1) as 0 | 1 | 2 | 3;

function Line({ row }: { row: Row }) {
  const chosen = s.cell.value === row.cell;
  const run = s.manifest.value;
  const level = certaintyLevel(row.certainty, run);
  const pick = () => choose(row.cell, { from: "list", focus: s.narrow.matches });
  return (
    <tr
      data-cell={row.cell} data-mean={row.mean ?? ""} data-last-year={row.last_year ?? ""}
      aria-current={chosen ? "true" : undefined} class={chosen ? "chosen" : ""} onClick={pick}
    >
      <th scope="row">
        <button type="button" aria-pressed={chosen} onClick={(event) => (event.stopPropagation(), pick())}>
          <Name of={row.name} />
        </button>
        <span class="sure">
          {level !== null && <Dots level={dots(level)} />} {certaintyWords(row.certainty, run)}
        </span>
      </th>
      <td class="chance">
        {row.words}
        <Interval at={row.p_any} low={row.chance_low} high={row.chance_high} />
      </td>
      <td class="figure" data-label={t("Expected")}>
        {number(row.mean)}
        <span>{between(row.q05, row.q95)}</span>
      </td>
      {s.sort.value === "change" ? <Change row={row} /> : <td class="figure" data-label={t("Last year")}>{count(row.last_year)}</td>}
      {s.sort.value === "harm" && <td class="figure" data-label={t("Harm")}>{number(row.harm)}</td>}
    </tr>
  );
}

/** Expected less what the same days held a year before; the count itself beneath. */
function Change({ row }: { row: Row }) {
  const before = row.year_before;
  if (row.mean === null || before === null || before === undefined) return <td class="figure" data-label={t("Change")}>{t("no data")}</td>;
  const by = row.mean - before;
  const usual = row.q05 !== null && row.q95 !== null && before >= row.q05 && before <= row.q95;
  return (
    <td class="figure" data-label={t("Change")} data-before={before}>
      {by < 0 ? "−" : "+"}
      {number(Math.abs(by))}
      <span>
        {usual ? t("{n} then, usual", { n: count(before) }) : t("{n} then", { n: count(before) })}
      </span>
    </td>
  );
}

const TITLES: Record<string, string> = {
  mean: t("Where most is expected"),
  change: t("Where most more is expected than a year before"),
  harm: t("Where most harm is expected"),
};

const FORMATS = [
  ["geojson", "GeoJSON"],
  ["parquet", "GeoParquet"],
  ["png", t("Picture (PNG)")],
  ["pdf", t("Page (PDF)")],
] as const;

/** The view as a file, with its notice and run id; each one taken away is written down. */
function TakeAway({ run }: { run: string }) {
  const layer = s.layer.value?.id === "live" ? "expected" : (s.layer.value?.id ?? "expected");
  const asked = new URLSearchParams({ level: s.level.value, step: String(s.step.value), layer });
  return (
    <details class="take-away">
      <summary>{t("Other formats")}</summary>
      <ul>
        {FORMATS.map(([format, words]) => (
          <li>
            <a href={address(`runs/${encodeURIComponent(run)}/export.${format}?${asked}`).href}>{words}</a>
          </li>
        ))}
      </ul>
    </details>
  );
}

/** The same numbers as the map, each place by its street. */
export function PlaceList() {
  const table = s.table.value;
  const run = s.manifest.value;
  if (!run) return null;
  const query = { level: s.level.value, step: s.step.value, limit: table?.total ?? 50, bbox: s.inView.value ? s.bounds.value : null, sort: s.sort.value };
  return (
    <section class="places" id="places" aria-labelledby="places-title" tabIndex={-1}>
      <div class="places-head">
        <h2 id="places-title">{TITLES[s.sort.value]}</h2>
        <label class="check">
          <input
            type="checkbox" checked={s.inView.value}
            onChange={(event) => (s.inView.value = event.currentTarget.checked)}
          />
          <span>{t("Only what the map shows")}</span>
        </label>
      </div>
      <div class="list-scroll" tabIndex={0} role="group" aria-labelledby="places-title">
        <table class="list">
          <caption class="unseen">
            {t("{title}, most first. {period}. Choosing a place shows it on the map.", {
              title: TITLES[s.sort.value] ?? "", period: s.stepLabel.value,
            })}
          </caption>
          <thead>
            <tr>
              <th scope="col">{t("Place")}</th>
              <th scope="col">{t("Chance of one or more")}</th>
              <th scope="col" class="figure">
                {t("Expected")} <span>{t("likely range")}</span>
              </th>
              <th scope="col" class="figure">
                {s.sort.value === "change" ? t("Change on the year before") : t("Last year")}
              </th>
              {s.sort.value === "harm" && (
                <th scope="col" class="figure">
                  {t("Harm")}
                </th>
              )}
            </tr>
          </thead>
          <tbody>{table?.rows.map((row) => <Line key={row.cell} row={row} />)}</tbody>
        </table>
        {!table && s.away.value && <p class="empty">{t("The server does not answer, so this period's list is not here.")}</p>}
        {table && table.rows.length === 0 && <p class="empty">{t("No place of the area is in view.")}</p>}
      </div>
      {table && (
        <div class="places-foot">
          <span>
            {many(table.total, "{shown} of {n} place", "{shown} of {n} places", { shown: table.rows.length })}
          </span>
          {table.rows.length < table.total && s.limit.value < 200 && (
            <button type="button" class="quiet" onClick={() => (s.limit.value += 30)}>
              {t("Show more")}
            </button>
          )}
          <a href={address(tablePath(run.run, query, "csv")).href}>{t("Download as CSV")}</a>
          <TakeAway run={run.run} />
        </div>
      )}
    </section>
  );
}
