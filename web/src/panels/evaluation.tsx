import type { ComponentChildren } from "preact";
import { english, t } from "../language";
import * as s from "../state";
import { capital, wordsOf } from "../words";
import { type Scores, scoresOf } from "./scores";

const signed = (value: number) => `${value < 0 ? "−" : "+"}${Math.abs(value).toFixed(3)}`;
const percent = (value: number | undefined) => (value === undefined ? "" : `${(value * 100).toFixed(0)} %`);

function Line({ row, served, shares }: { row: Scores; served: string; shares: number[] }) {
  const model = s.manifest.value?.model;
  const drawn = row.id === (typeof model === "object" ? model.id : model);
  return (
    <tr class={row.id === served ? "served" : ""}>
      <th scope="row">
        {capital(row.title)}
        {row.id === served && <span class="tag">{t("the verdict: served")}</span>}
        {drawn && <span class="tag">{t("on this map")}</span>}
      </th>
      <td class="figure">
        {row.gain === null ? "" : signed(row.gain.value)}
        {row.gain && row.gain.low !== null && row.gain.high !== null && row.gain.value !== 0 && (
          <span>
            {t("{low} to {high}", { low: signed(row.gain.low), high: signed(row.gain.high) })}
          </span>
        )}
      </td>
      {shares.map((share) => (
        <td class="figure">{percent(row.caught.get(share))}</td>
      ))}
    </tr>
  );
}

function Shell({ children }: { children: ComponentChildren }) {
  return (
    <section class="evaluation" id="evaluation" aria-labelledby="evaluation-title">
      <h2 id="evaluation-title">{t("How good is it?")}</h2>
      {children}
    </section>
  );
}

/** What past forecasts scored beside plain counts, and which of them is shown. */
export function Evaluation() {
  const run = s.manifest.value;
  if (!run) return null;
  const found = scoresOf(s.evaluation.value);
  const report = run.links?.report ?? `runs/${run.run}/report`;
  if (!found) {
    const words = wordsOf(run.served, "verdict", "sentence");
    return (
      <Shell>
        {words && <p class="verdict" lang={english}>{words}</p>}
        <p>{t("Past forecasts are still being checked against what happened. The table appears here when that is done.")}</p>
      </Shell>
    );
  }
  return (
    <Shell>
      <p class="verdict" lang={english}>{found.verdict}</p>
      {found.models.length > 0 && (
        <div class="wide-table" tabIndex={0} role="group" aria-label={t("Scores of every forecaster")}>
          <table class="scores">
            <caption>{found.about}</caption>
            <thead>
              <tr>
                <th scope="col">{t("Forecaster")}</th>
                <th scope="col" class="figure">
                  {t("Better than the plain count")} <span>{t("nats an event, 95 % interval")}</span>
                </th>
                {found.shares.map((share) => (
                  <th scope="col" class="figure">
                    {t("Caught in the top {share}", { share: `${share * 100}\u00a0%` })}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {found.models.map((row) => (
                <Line row={row} served={found.served} shares={found.shares} />
              ))}
            </tbody>
          </table>
        </div>
      )}
      {run.simulated && (
        <p class="note">
          {t("On simulated data this checks the machinery. It says nothing of accuracy on a real place.")}
        </p>
      )}
      <p>
        <a href={report}>{t("Read the full evaluation report")}</a>
      </p>
    </Shell>
  );
}
