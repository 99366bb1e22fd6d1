import { effect, signal } from "@preact/signals";
import { readTable } from "../api";
import { choose } from "../choose";
import { t } from "../language";
import type { LayerSpec, Row } from "../contract";
import { Name } from "../panels/name";
import * as s from "../state";
import { certaintyWords, count, number } from "../words";

const MOST = 500;
const other = signal<Map<number, Row>>(new Map());
let following = false;

/** Read the other period's numbers, so that the table says what both maps show. */
function follow(): void {
  if (following) return;
  following = true;
  let asked: AbortController | null = null;
  effect(() => {
    const [run, at, level] = [s.manifest.value?.run, s.beside.value?.step, s.level.value];
    asked?.abort();
    if (!run || at === undefined) return;
    asked = new AbortController();
    readTable(run, { level, step: at, limit: MOST }, asked.signal).then(
      (table) => (other.value = new Map(table.rows.map((row) => [row.cell, row]))),
      () => undefined,
    );
  });
}

/** A layer's number of a row, in words. */
export function shown(layer: LayerSpec | undefined, row: Row | undefined): string {
  if (!row) return t("not among the first");
  switch (layer?.id) {
    case "chance":
      return row.words;
    case "past":
      return count(row.last_year);
    case "change":
      return row.mean === null || row.year_before == null ? t("no data") : signed(row.mean - row.year_before);
    case "harm":
      return number(row.harm);
    case "doubt":
      return certaintyWords(row.certainty, s.manifest.value);
    case "expected":
      return number(row.mean);
    default:
      return t("on the map alone");
  }
}

export const signed = (value: number): string => `${value < 0 ? "−" : "+"}${number(Math.abs(value))}`;

function Both({ mine, theirs }: { mine: LayerSpec | null; theirs: LayerSpec | undefined }) {
  const rows = s.table.value?.rows.slice(0, 10) ?? [];
  const at = s.steps.value[s.beside.value!.step]?.label ?? "";
  return (
    <table class="both">
      <caption>{t("The list's first places, both ways")}</caption>
      <thead>
        <tr>
          <th scope="col">{t("Place")}</th>
          <th scope="col">
            {mine?.title} <span>{s.stepLabel}</span>
          </th>
          <th scope="col">
            {theirs?.title} <span>{at}</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr>
            <th scope="row">
              <button type="button" class="quiet" onClick={() => choose(row.cell, { from: "list" })}>
                <Name of={row.name} />
              </button>
            </th>
            <td>{shown(mine ?? undefined, row)}</td>
            <td>{shown(theirs, other.value.get(row.cell))}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function begin(): void {
  const layer = s.layer.value?.id ?? "expected";
  const steps = s.steps.value.length;
  const last = steps - 1;
  s.beside.value =
    steps > 1 ? { layer, step: s.step.value === last ? 0 : last } : { layer: layer === "past" ? "expected" : "past", step: 0 };
}

/** Two layers, or two periods, on two maps that move together. */
export function CompareTool() {
  follow();
  const beside = s.beside.value;
  if (!beside)
    return (
      <div class="compare">
        <h2>{t("Compare")}</h2>
        <p>{t("Put two layers or two periods beside one another. The two maps move together.")}</p>
        <button type="button" class="why" onClick={begin}>
          {t("Start to compare")}
        </button>
      </div>
    );
  const own = s.manifest.value?.layers ?? [];
  const theirs = own.find((one) => one.id === beside.layer);
  return (
    <div class="compare">
      <h2>{t("Compare")}</h2>
      <div class="compare-asks">
        <label>
          {t("With the layer")}
          <select
            id="with-layer" value={beside.layer}
            onChange={(event) => (s.beside.value = { ...beside, layer: event.currentTarget.value })}
          >
            {own.map((one) => (
              <option value={one.id}>{one.title}</option>
            ))}
          </select>
        </label>
        <label>
          {t("Of the period")}
          <select
            id="with-step" value={beside.step}
            onChange={(event) => (s.beside.value = { ...beside, step: Number(event.currentTarget.value) })}
          >
            {s.steps.value.map((one) => (
              <option value={one.index}>{one.label}</option>
            ))}
          </select>
        </label>
      </div>
      <div class="ways">
        <label class="check">
          <input
            type="checkbox" checked={s.abreast.value}
            onChange={(event) => (s.abreast.value = event.currentTarget.checked)}
          />
          <span>{t("Side by side, not one over the other")}</span>
        </label>
        <button type="button" class="quiet" onClick={() => ((s.beside.value = null), s.say(t("No longer comparing.")))}>
          {t("Stop comparing")}
        </button>
      </div>
      <Both mine={s.layer.value} theirs={theirs} />
    </div>
  );
}
