import { classesOf, showsCertainty, swatch } from "../map/palette";
import { signal } from "@preact/signals";
import type { LayerSpec } from "../contract";
import { t } from "../language";
import * as s from "../state";
import { capital } from "../words";

const LEVELS = [7, 4, 1];
const secondOpen = signal(false);

/** The classes in one line, from few to many, for the key while it is folded. */
function Ramp({ layer }: { layer: LayerSpec }) {
  const classes = Array.from({ length: classesOf(layer) }, (_, k) => k + 1);
  return (
    <span class="ramp">
      <span>{layer.labels[0]}</span>
      <span class="ramp-classes" aria-hidden="true">
        {classes.map((value) => (
          <i style={{ background: swatch(layer, value, 7) }} />
        ))}
      </span>
      <span class="unseen">{t("to")}</span>
      <span>{layer.labels[classes.length - 1]}</span>
    </span>
  );
}

/** Value classes down, certainty across: the same table of colours as the map's. */
export function Legend({ second = false }: { second?: boolean }) {
  const layer = second ? s.manifest.value?.layers.find((one) => one.id === s.beside.value?.layer) : s.layer.value;
  const labels = s.manifest.value?.certainty.labels ?? [];
  if (!layer) return null;
  const open = second ? secondOpen : s.keyOpen;
  const levels = showsCertainty(layer) ? LEVELS : [7];
  const classes = Array.from({ length: classesOf(layer) }, (_, k) => classesOf(layer) - k);
  const word = (level: number) => (labels.length === 8 ? labels[level] : labels[Math.round((level / 7) * (labels.length - 1))]);
  return (
    <details class={`legend ${second ? "right" : ""}`} open={open.value} onToggle={(event) => (open.value = event.currentTarget.open)}>
      <summary>
        {second ? t("Key to the second") : t("Key")}
        {!open.value && <Ramp layer={layer} />}
      </summary>
      <table>
        <caption>
          {capital(layer.words)}
        </caption>
        <thead class={levels.length > 1 ? "" : "unseen"}>
          <tr>
            {levels.map((level, k) => (
              <th scope="col" title={word(level)}>
                <span class="unseen">{word(level)}</span>
                <span aria-hidden="true">{[t("sure"), "", t("doubtful")][k]}</span>
              </th>
            ))}
            <th scope="col">
              <span class="unseen">{t("Class")}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {classes.map((value) => (
            <tr>
              {levels.map((level) => (
                <td>
                  <i style={{ background: swatch(layer, value, level) }} />
                </td>
              ))}
              <th scope="row">{layer.labels[value - 1]}</th>
            </tr>
          ))}
          <tr class="no-data">
            <td colSpan={levels.length}>
              <i class="hatch" />
            </td>
            <th scope="row">{t("no data")}</th>
          </tr>
        </tbody>
      </table>
      {!second && <label class="check colours">
        <input
          type="checkbox" checked={s.safe.value} onChange={(event) => (s.safe.value = event.currentTarget.checked)}
        />
        <span>{t("Colours for colour blindness")}</span>
      </label>}
    </details>
  );
}
