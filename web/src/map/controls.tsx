import { t } from "../language";
import { calm } from "../state";
import { board } from "./current";

const PANS: [string, string, [number, number]][] = [
  ["up", t("Move the map north"), [0, -160]],
  ["left", t("Move the map west"), [-160, 0]],
  ["right", t("Move the map east"), [160, 0]],
  ["down", t("Move the map south"), [0, 160]],
];

const PATHS: Record<string, string> = {
  up: "M5 13l6-6 6 6",
  down: "M5 9l6 6 6-6",
  left: "M13 5l-6 6 6 6",
  right: "M9 5l6 6-6 6",
  in: "M11 5v12M5 11h12",
  out: "M5 11h12",
  home: "M5 9V5h4M13 5h4v4M17 13v4h-4M9 17H5v-4",
};

function Button({ icon, label, act }: { icon: string; label: string; act: () => void }) {
  return (
    <button type="button" class={`map-button at-${icon}`} aria-label={label} title={label} onClick={act}>
      <svg viewBox="0 0 22 22" aria-hidden="true">
        <path d={PATHS[icon]} />
      </svg>
    </button>
  );
}

/** Buttons for all that dragging and the wheel do (WCAG 2.5.7). */
export function MapControls() {
  const animate = !calm.matches;
  return (
    <div class="map-controls" role="group" aria-label={t("Move the map")}>
      {PANS.map(([icon, label, by]) => (
        <Button icon={icon} label={label} act={() => board.value?.map.panBy(by, { animate, duration: 250 })} />
      ))}
      <Button icon="home" label={t("Show the whole area")} act={() => board.value?.whole()} />
      <Button icon="in" label={t("Zoom in")} act={() => board.value?.map.zoomIn({ animate })} />
      <Button icon="out" label={t("Zoom out")} act={() => board.value?.map.zoomOut({ animate })} />
    </div>
  );
}
