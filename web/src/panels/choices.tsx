import { changeLevel, changeRun } from "../load";
import { t } from "../language";
import * as s from "../state";
import { byEvery, capital } from "../words";

const VIEWS: [s.View, string][] = [
  ["map", t("Map")],
  ["list", t("List")],
];

/** Map or list: the same question asked two ways. */
export function ViewChoice() {
  return (
    <fieldset class="segments">
      <legend class="unseen">{t("Show as")}</legend>
      {VIEWS.map(([id, words]) => (
        <label>
          <input
            type="radio"
            name="view"
            checked={s.view.value === id}
            onChange={() => (s.view.value = id)}
          />
          <span>{words}</span>
        </label>
      ))}
    </fieldset>
  );
}

/** Squares or larger places; shown only where the run has both. */
export function LevelChoice() {
  const views = s.manifest.value?.views ?? [];
  if (views.length < 2) return null;
  return (
    <fieldset class="segments levels">
      <legend class="unseen">{t("Places")}</legend>
      {views.map((one) => (
        <label>
          <input
            type="radio"
            name="level"
            value={one.id}
            checked={s.level.value === one.id}
            onChange={() => void changeLevel(one.id).then(() => s.say(t("{view} shown.", { view: one.title })))}
          />
          <span>{one.title}</span>
        </label>
      ))}
    </fieldset>
  );
}

/** What is counted; shown only where there is more than one forecast to choose from. */
export function TargetChoice() {
  const choices = s.choices.value;
  const run = s.manifest.value?.run;
  if (choices.length < 2) return null;
  const known = choices.some((one) => one.run === run);
  return (
    <label class="target">
      <span class="unseen">{t("What is forecast")}</span>
      <select
        id="target" value={known ? run : ""}
        onChange={(event) => event.currentTarget.value && void changeRun(event.currentTarget.value)}
      >
        {!known && <option value="">{t("{what} (this run)", { what: capital(s.manifest.value?.title ?? "") })}</option>}
        {choices.map((one) => (
          <option value={one.run}>
            {capital(one.title ?? one.target)}, {byEvery(one.every)}
          </option>
        ))}
      </select>
    </label>
  );
}

export function LayerChoice() {
  const layers = s.layers.value;
  return (
    <fieldset class="segments layers">
      <legend class="unseen">{t("Layer")}</legend>
      {layers.map((one) => (
        <label>
          <input
            type="radio"
            name="layer"
            value={one.id}
            checked={s.layer.value?.id === one.id}
            onChange={() => {
              s.layerId.value = one.id;
              s.layerChosen.value = true;
              s.say(t("Map shows {layer}.", { layer: one.title }));
            }}
          />
          <span>{one.title}</span>
        </label>
      ))}
    </fieldset>
  );
}
