import * as s from "../state";

const VIEWS: [s.View, string][] = [
  ["map", "Map"],
  ["list", "List"],
];

/** Map or list: the same question asked two ways. */
export function ViewChoice() {
  return (
    <fieldset class="segments">
      <legend class="unseen">Show as</legend>
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

export function LayerChoice() {
  const layers = s.manifest.value?.layers ?? [];
  return (
    <fieldset class="segments layers">
      <legend class="unseen">Layer</legend>
      {layers.map((one) => (
        <label>
          <input
            type="radio"
            name="layer"
            value={one.id}
            checked={s.layer.value?.id === one.id}
            onChange={() => {
              s.layerId.value = one.id;
              s.say(`Map shows ${one.title}.`);
            }}
          />
          <span>{one.title}</span>
        </label>
      ))}
    </fieldset>
  );
}
