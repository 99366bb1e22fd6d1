import { effect, signal } from "@preact/signals";
import type { FeatureCollection, Point } from "geojson";
import { readShapes } from "../api";
import { t } from "../language";
import { board } from "../map/current";
import { layPoints, liftMarks } from "../map/marks";
import * as s from "../state";

export interface StreetCounts extends FeatureCollection<Point> {
  days: string;
  total: number | null;
  left_out: number | null;
  points: number;
  not_listed: number;
  squares: number;
  notes: string[];
}

export const PERIODS: [s.StreetPeriod, string][] = [
  ["year", t("Last year")],
  ["recent", t("The newest four weeks or month")],
  ["before", t("The days shown, a year before")],
];

/** Counts on or near streets, of what the map shows or of the chosen place; null while there are none to show. */
export const counts = signal<StreetCounts | null>(null);
/** Why there are none, in words. */
export const trouble = signal<string | null>(null);
export const ofPlace = signal(false);

const NEAR = 12;
const WIDEST = 0.25;

/** What to ask for: the view when it is near enough to tell streets apart, else the chosen place. */
function within(): string | null {
  const view = s.bounds.value;
  const map = board.value;
  const onMap = s.view.value === "map" || !s.narrow.matches;
  const [w, south, e, n] = view ?? [0, 0, 9, 9];
  if (view && map && onMap && map.map.getZoom() >= NEAR && e! - w! <= WIDEST && n! - south! <= WIDEST) {
    ofPlace.value = false;
    return `bbox=${view.map((x) => x.toFixed(5)).join(",")}`;
  }
  ofPlace.value = true;
  return s.cell.value === null ? null : `place=${s.cell.value}&level=${s.level.value}`;
}

/** Go near enough that streets can be told apart. */
export function goNearer(): void {
  const map = board.value;
  if (!map) return;
  if (s.cell.value !== null) map.goTo(s.cell.value, "ease", 13.5);
  else map.map.zoomTo(13.5, { animate: !s.calm.matches });
}

let following = false;
export function followStreets(): void {
  if (following) return;
  following = true;
  let asked: AbortController | null = null;
  effect(() => {
    const run = s.manifest.value?.run;
    const [period, step] = [s.streetPeriod.value, s.step.value];
    const where = within();
    asked?.abort();
    if (!run || !s.overlays.value.includes("streets")) return;
    if (where === null) {
      counts.value = null;
      trouble.value = t("Go nearer, or choose a place: from afar streets cannot be told apart.");
      return;
    }
    asked = new AbortController();
    const { signal } = asked;
    const path = `runs/${encodeURIComponent(run)}/street-counts.geojson?${where}&period=${period}&step=${step}`;
    readShapes<StreetCounts>(path, signal).then(
      (found) => {
        trouble.value = null;
        counts.value = found;
      },
      (fault: Error) => {
        if (fault.name === "AbortError") return;
        counts.value = null;
        trouble.value = fault.message;
      },
    );
  });
  effect(() => {
    const map = board.value;
    if (!map) return;
    const found = counts.value;
    if (s.overlays.value.includes("streets") && found) void layPoints(map, "over-streets", found);
    else void map.ready.then(() => liftMarks(map, "over-streets"));
  });
}
