import { effect } from "@preact/signals";
import type { Contribution, Place } from "../contract";
import { NowHere } from "../live/latest";
import { t } from "../language";
import { board } from "../map/current";
import * as s from "../state";
import { between, capital, certaintyWords, count, number, wordsOf } from "../words";
import { HistoryChart } from "./history-chart";
import { Name } from "./name";
import { Interval } from "./interval";

const CAVEAT = t("A forecast about places. Not grounds for stop, search, entry, arrest or eviction.");

function rowOf(cell: number) {
  return s.table.value?.rows.find((row) => row.cell === cell);
}

/** Say a newly opened place once, not on every redraw. */
export function announcePlaces(): void {
  let last = "";
  effect(() => {
    const place = s.place.value;
    if (!place || `${place.cell}` === last) return;
    last = `${place.cell}`;
    s.say(place.sentence.startsWith(place.name) ? place.sentence : `${place.name}. ${place.sentence}`);
  });
}

function close(): void {
  s.cardOpen.value = false;
  const row = document.querySelector<HTMLElement>(`tr[data-cell="${s.cell.value}"] button`);
  (row ?? board.value?.map.getCanvas())?.focus({ preventScroll: true });
}

function Reasons({ items }: { items: Contribution[] }) {
  const most = Math.max(1e-9, ...items.map((one) => Math.abs(one.value)));
  if (items.length === 0) return <p>{t("This forecast is a plain count; there is nothing to take apart.")}</p>;
  return (
    <table class="reasons">
      <caption>{t("What the expected number is made of. Associations, not causes.")}</caption>
      <tbody>
        {items.map((one) => (
          <tr>
            <th scope="row">
              {capital(one.name)}
              {one.words && <span>{capital(one.words.replace(`${one.name}: `, ""))}</span>}
            </th>
            <td>
              <svg viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
                <rect
                  class={one.value < 0 ? "less" : "more"} width={(Math.abs(one.value) / most) * 100} height="8"
                />
              </svg>
            </td>
            <td class="figure">{one.value < 0 ? `−${number(-one.value)}` : number(one.value)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Figures({ place }: { place: Place }) {
  const row = rowOf(place.cell);
  const sure = certaintyWords(place.certainty ?? row?.certainty, s.manifest.value);
  return (
    <dl class="figures">
      <div>
        <dt>{t("Expected")}</dt>
        <dd>
          {number(place.mean)} <span>{place.q05 !== null && t("likely {range}", { range: between(place.q05, place.q95) })}</span>
        </dd>
      </div>
      <div>
        <dt>{t("Last year")}</dt>
        <dd>{count(place.last_year)}</dd>
      </div>
      {s.layer.value?.id === "change" && (
        <div>
          <dt>{t("Same days last year")}</dt>
          <dd>{count(place.year_before)}</dd>
        </div>
      )}
      {sure && (
        <div>
          <dt>{t("How sure")}</dt>
          <dd class="small">{capital(sure)}</dd>
        </div>
      )}
    </dl>
  );
}

/** Reasons open below the fold of a short card: roll the card, never the page, up to them. */
function bringUp(button: HTMLElement): void {
  const card = button.closest<HTMLElement>(".card");
  const behavior = s.calm.matches ? "auto" : "smooth";
  requestAnimationFrame(() => card?.scrollTo({ top: button.offsetTop - 8, behavior }));
}

const restsOn = (cell: number) =>
  s.level.value === "cell" ? `/runs/${s.manifest.value?.run ?? "latest"}/places/${cell}/lineage` : "/data";

function Body({ place }: { place: Place }) {
  const open = s.reasonsOpen.value;
  const full = s.cardFull.value || open;
  const every = place.history_every ?? s.manifest.value?.every ?? "period";
  return (
    <>
      <p class="place-sentence">{capital(place.sentence.replace(`${place.name}: `, ""))}</p>
      {place.fragile_words && <p class="note">{place.fragile_words}</p>}
      {full && <Interval at={place.p_any} low={place.chance_low} high={place.chance_high} />}
      {full && place.p_any !== null && (
        <div class="span-words" aria-hidden="true">
          <span>{t("0 in 10")}</span>
          <span>{t("chance of one or more")}</span>
          <span>{t("10 in 10")}</span>
        </div>
      )}
      {full && <Figures place={place} />}
      {s.level.value === "cell" && <NowHere cell={place.cell} />}
      <button
        type="button" class="why" aria-expanded={open} aria-controls="why-here"
        onClick={(event) => {
          s.reasonsOpen.value = !open;
          if (!open) bringUp(event.currentTarget);
        }}
      >
        {open ? t("Hide the reasons") : t("Why this place?")}
      </button>
      {!open && (
        <button
          type="button" class="quiet more-figures" aria-expanded={full}
          onClick={() => (s.cardFull.value = !s.cardFull.value)}
        >
          {full ? t("Fewer figures") : t("More figures")}
        </button>
      )}
      <div id="why-here" hidden={!open}>
        {open && (
          <>
            <Reasons items={place.contributions} />
            <h3>{t("Recorded here")}</h3>
            <HistoryChart points={place.history} every={every} />
            <p class="coverage">
              {wordsOf(place.coverage)} {place.caveat !== CAVEAT && place.caveat}
            </p>
          </>
        )}
      </div>
      <p class="caveat">
        {CAVEAT}{" "}
        {full && <a href={restsOn(place.cell)}>{t("What these numbers rest on")}</a>}
      </p>
    </>
  );
}

export function PlaceCard() {
  const place = s.place.value;
  if (!s.cardOpen.value || s.cell.value === null) return null;
  return (
    <section
      class="card" id="place" aria-labelledby="place-name" data-cell={place?.cell}
      onKeyDown={(event) => event.key === "Escape" && close()}
    >
      <div class="card-head">
        <div>
          <p class="card-when">{s.stepLabel}</p>
          <h2 id="place-name" tabIndex={-1}>
            {place ? <Name of={place.name} /> : (s.away.value ? t("The server does not answer") : t("Opening the place"))}
          </h2>
        </div>
        <button type="button" class="close" aria-label={t("Close the place panel")} onClick={close}>
          <svg viewBox="0 0 20 20" aria-hidden="true">
            <path d="M5 5l10 10M15 5L5 15" />
          </svg>
        </button>
      </div>
      {place && <Body place={place} />}
    </section>
  );
}
