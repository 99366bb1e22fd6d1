import { effect, signal } from "@preact/signals";
import type { FeatureCollection, Polygon, Position } from "geojson";
import { type Board } from "../map/board";
import { many, t } from "../language";
import { board, type MapTool, tool } from "../map/current";
import { NOTHING, layMarks } from "../map/marks";
import type { Drawn } from "../contract";
import { type Corner, readShape, ringOf, writeShape } from "../shape";
import * as s from "../state";

export type Mode = "polygon" | "pick";
export const mode = signal<Mode | null>(null);
/** Corners of a line not yet ended. */
export const corners = signal<Corner[]>([]);
/** The area as the server added it up. */
export const drawn = signal<Drawn | null>(null);

export const MOST_PLACES = 400;

/** Whether the next area added up is to be brought into view: one from a link or the saved ones, not one drawn. */
let lookNext = s.shape.value !== null;

/** Use a saved area. */
export function use(shape: string): void {
  lookNext = true;
  s.shape.value = shape;
}

/** Begin to draw a line of corners, or to pick places one by one. */
export function begin(wanted: Mode): void {
  mode.value = wanted;
  corners.value = [];
  tool.value = wanted === "polygon" ? polygonTool : pickTool;
  if (wanted === "pick" && readShape(s.shape.value)?.kind !== "places") s.shape.value = null;
  s.cardOpen.value = false;
  s.view.value = "map";
  s.say(
    wanted === "polygon"
      ? t("Drawing. Click corners on the map, or move it and press Space for each; Enter ends.")
      : t("Picking. Click places on the map, or move it and press Space for each; Enter ends."),
  );
  const canvas = board.value?.map.getCanvas();
  if (s.narrow.matches) canvas?.scrollIntoView({ block: "center", behavior: s.calm.matches ? "auto" : "smooth" });
  canvas?.focus({ preventScroll: true });
}

export function end(): void {
  mode.value = null;
  corners.value = [];
  tool.value = null;
}

const polygonTool: MapTool = {
  at(lng, lat) {
    const at = s.lattice.value!.cornerNear(lng, lat);
    const first = corners.value[0];
    if (first && corners.value.length > 2 && first[0] === at[0] && first[1] === at[1]) return this.finish();
    const last = corners.value.at(-1);
    if (last && last[0] === at[0] && last[1] === at[1]) return;
    corners.value = [...corners.value, at];
    s.say(t("Corner {n}.", { n: corners.value.length }));
  },
  finish() {
    if (corners.value.length < 3) return s.say(t("An area needs three corners or more."));
    s.shape.value = writeShape({ kind: "polygon", corners: corners.value });
    end();
  },
  undo() {
    corners.value = corners.value.slice(0, -1);
    s.say(many(corners.value.length, "{n} corner left.", "{n} corners left."));
  },
  leave() {
    end();
    s.say(t("Drawing left."));
  },
};

const pickTool: MapTool = {
  at(lng, lat) {
    const map = board.value;
    const place = map?.placeAt(lng, lat) ?? null;
    if (place === null || !map || map.byteOf(place, s.step.value) === 0) return s.say(t("That is outside the area."));
    pick(place);
  },
  finish: end,
  undo() {
    const held = picked();
    if (held.length > 0) pick(held.at(-1)!);
  },
  leave: end,
};

export function picked(): number[] {
  const held = readShape(s.shape.value);
  return held?.kind === "places" ? held.places : [];
}

const pickedWords = (n: number) => many(n, "{n} place picked.", "{n} places picked.");

/** Add a place to those picked, or take it out again. */
export function pick(place: number): void {
  const held = picked();
  const out = held.includes(place);
  if (!out && held.length >= MOST_PLACES) return s.say(t("No more than {most} places: draw a line instead.", { most: MOST_PLACES }));
  const now = out ? held.filter((one) => one !== place) : [...held, place];
  s.shape.value = now.length > 0 ? writeShape({ kind: "places", places: now }) : null;
  s.say(`${out ? t("Taken out.") : t("Added.")} ${pickedWords(now.length)}`);
}

/** Pick many places at once, beside those picked already. */
export function pickAll(places: readonly number[]): void {
  const now = [...new Set([...picked(), ...places])].slice(0, MOST_PLACES);
  s.shape.value = writeShape({ kind: "places", places: now });
  s.say(pickedWords(now.length));
}

let following = false;
/** Draw the area, and the line while it is being drawn, on the map of the moment. */
export function followSketch(): void {
  if (following) return;
  following = true;
  const drawnBounds = signal(0);
  effect(() => {
    const map = board.value;
    if (map) void map.ready.then(() => drawnBounds.value++); // a neighbourhood's outline is known from then on
  });
  effect(() => {
    const map = board.value;
    drawnBounds.value;
    if (!map) return;
    const inside = places(map);
    void layFill(map, inside);
    if (lookNext && inside.features.length > 0) {
      lookNext = false;
      const coordinates = inside.features.map((one) => (one.geometry as Polygon).coordinates);
      map.lookAtShape({ type: "MultiPolygon", coordinates });
    }
    void layMarks(map, "drawn", { colour: "#5b1a8b", width: 2.6, dash: [2, 0.8] }, outline(map));
  });
}

/** The squares or neighbourhoods that are in it. */
function places(map: Board): FeatureCollection {
  const found = drawn.value;
  if (!found) return NOTHING;
  const shapes = found.cells.slice(0, 6000).map((cell) => map.shapeOf(cell, found.level === "cell"));
  return {
    type: "FeatureCollection",
    features: shapes.flatMap((geometry) => (geometry ? [{ type: "Feature", properties: {}, geometry } as const] : [])),
  };
}

function outline(map: Board): FeatureCollection {
  const held = readShape(s.shape.value);
  const line = corners.value.length > 0 ? corners.value : held?.kind === "polygon" ? held.corners : [];
  if (line.length === 0) return NOTHING;
  const ring = ringOf(map.lattice, line) as Position[];
  const closed = corners.value.length === 0;
  const path = closed || ring.length > 2 ? [...ring, ring[0]!] : ring;
  const marks = closed ? [] : ring.map((at) => ({ type: "Feature", properties: {}, geometry: tick(map, at) }) as const);
  const whole = { type: "Feature", properties: {}, geometry: { type: "LineString", coordinates: path } } as const;
  return { type: "FeatureCollection", features: [whole, ...marks] };
}

/** A small cross at a corner, seen before there is a line. */
function tick(map: Board, [x, y]: Position): { type: "MultiLineString"; coordinates: Position[][] } {
  const d = 6 * (360 / (512 * 2 ** map.map.getZoom()));
  return { type: "MultiLineString", coordinates: [[[x! - d, y!], [x! + d, y!]], [[x!, y! - d * 0.6], [x!, y! + d * 0.6]]] };
}

async function layFill(board: Board, data: FeatureCollection): Promise<void> {
  await board.ready;
  const { map } = board;
  const held = map.getSource("drawn-places") as { setData(data: FeatureCollection): void } | undefined;
  if (held) return held.setData(data);
  map.addSource("drawn-places", { type: "geojson", data });
  map.addLayer({ id: "drawn-places", type: "fill", source: "drawn-places", paint: { "fill-color": "#5b1a8b", "fill-opacity": 0.16 } });
  map.addLayer({ id: "drawn-places-edge", type: "line", source: "drawn-places", paint: { "line-color": "#5b1a8b", "line-width": 1.4, "line-opacity": 0.75 } });
}
