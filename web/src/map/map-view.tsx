import { effect, untracked } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { MapControls } from "./controls";
import { Legend } from "../panels/legend";
import { choose } from "../choose";
import { change } from "../live/state";
import { markOf, t } from "../language";
import * as s from "../state";
import { Board, type Clear } from "./board";
import { expose, timeStep, watchFirst } from "./hooks";
import { centreCell, listenKeys } from "./keys";
import { board as current, tool } from "./current";
import { Beside } from "./beside";
import { attribution, layBasemap } from "./basemap";
import { Tip, under } from "./tip";
import { TooFar } from "./too-far";

/** What lies over the map on wide screens; cells brought into view stay clear of it. */
function clearOf(): Clear {
  if (s.narrow.matches) return { top: 0, bottom: 0, left: 0, right: 0 };
  return { top: 0, bottom: 0, left: s.keyOpen.value ? 220 : 100, right: s.cardOpen.value ? 330 : 0 };
}

function build(host: HTMLElement): (() => void) | null {
  const { manifest, lattice } = s;
  if (!manifest.value || !lattice.value) return null;
  const { run, bounds, views } = manifest.value;
  const url = views?.find((one) => one.id === s.level.value)?.bounds_url ?? null;
  let board: Board;
  try {
    board = new Board(host, lattice.value, run, bounds, clearOf, url);
  } catch {
    s.mapFailure.value = t("This browser cannot draw the map (no WebGL 2). The list holds the same numbers.");
    return null;
  }
  current.value = board;
  expose(board);
  watchFirst(board);
  if (s.cell.value !== null && url === null) board.goTo(s.cell.value, "jump", 12);
  else if (s.cell.value !== null && wideView(bounds)) {
    // A very wide force seen whole says nothing: the first place of the list, once its bounds are known.
    const first = s.cell.value;
    void board.ready.then(() => current.value === board && s.cell.value === first && board.goTo(first, "jump"));
  }
  void layBasemap(board);
  board.map.on("click", ({ point, lngLat }) =>
    tool.value ? tool.value.at(lngLat.lng, lngLat.lat) : pick(board, point.x, point.y),
  );
  board.map.on("dblclick", (event) => {
    if (!tool.value) return;
    event.preventDefault();
    tool.value.finish();
  });
  board.map.on("mousemove", ({ point }) => {
    const cell = board.cellAtPoint(point.x, point.y);
    const byte = cell === null ? 0 : board.byteOf(cell, s.step.value);
    const before = under.value?.cell ?? null;
    under.value = cell !== null && byte > 0 ? { x: point.x, y: point.y, cell, byte } : null;
    board.map.getCanvas().style.cursor = under.value ? "pointer" : "";
    if (before !== (under.value?.cell ?? null)) void board.outline("hovered", under.value?.cell ?? null);
  });
  for (const leave of ["mouseout", "dragstart", "zoomstart"] as const)
    board.map.on(leave, () => {
      under.value = null;
      void board.outline("hovered", null);
    });
  board.map.on("moveend", ({ originalEvent }) => {
    s.bounds.value = board.view();
    if (originalEvent) sayWhere(board);
  });
  s.bounds.value = board.view();
  const off = [listen(board), ...follow(board)];
  return () => {
    off.forEach((stop) => stop());
    if (current.value === board) current.value = null;
    board.remove();
  };
}

/** Over 150 km or so from south to north, or as far across. */
const wideView = ([w, south, e, n]: readonly number[]) => n! - south! > 1.35 || e! - w! > 2.2;

function pick(board: Board, x: number, y: number): void {
  const cell = board.cellAtPoint(x, y);
  if (cell !== null && board.byteOf(cell, s.step.value) > 0) choose(cell, { from: "map" });
  else s.say(t("That is outside the area."));
}

function listen(board: Board): () => void {
  return listenKeys(board.map.getCanvas(), board, {
    open(cell, focus) {
      if (board.byteOf(cell, s.step.value) === 0) return s.say(t("That is outside the area."));
      choose(cell, { from: "map", focus, follow: !focus });
    },
    chosen: () => s.cell.value,
    help: () => (s.helpOpen.value = true),
    leave: () => {
      s.cardOpen.value = false;
      s.say(t("Place panel closed."));
    },
  });
}

function sayWhere(board: Board): void {
  const [w, , e] = board.view();
  const km = ((e - w) * 111.32 * Math.cos((board.map.getCenter().lat * Math.PI) / 180)).toFixed(0);
  const middle = centreCell(board);
  const row = s.table.value?.rows.find((one) => one.cell === middle);
  s.say(
    row
      ? t("Map moved, {km} km across. In the middle: {place}, {words}.", { km, place: row.name, words: row.words })
      : t("Map moved, {km} km across.", { km }),
  );
}

/** Draw what the state says, for as long as the board lives. */
function follow(board: Board): (() => void)[] {
  return [
    effect(() => {
      const layer = s.layer.value;
      s.safe.value; // another table of colours is another drawing
      if (!layer) return;
      board.showLayer(layer, untracked(() => s.step.value)).then(
        () => (s.mapFailure.value = null),
        (fault: Error) => (s.mapFailure.value = fault.message),
      );
    }),
    effect(() => {
      const step = s.step.value;
      timeStep(board, () => board.showStep(step));
    }),
    effect(() => {
      if (change.value > 0) board.showChange();
    }),
    effect(() => void board.outline("chosen", s.cell.value)),
  ];
}

export function MapView() {
  const host = useRef<HTMLDivElement>(null);
  const run = s.manifest.value && `${s.manifest.value.run} ${s.level.value}`;
  useEffect(() => (host.current && run ? (build(host.current) ?? undefined) : undefined), [run]);
  return (
    <div class={`map-frame ${s.beside.value ? (s.abreast.value ? "abreast" : "swiping") : ""} ${tool.value ? "in-use" : ""}`}>
      <div class="map" id="map" ref={host} data-map-state="loading" />
      <svg class="crosshair" viewBox="0 0 40 40" aria-hidden="true">
        <path d="M20 2v13M20 25v13M2 20h13M25 20h13" />
      </svg>
      {s.mapFailure.value && <p class="map-failure" lang={markOf(s.mapFailure.value)}>{s.mapFailure.value}</p>}
      <Tip />
      {s.beside.value && current.value && <Beside />}
      <MapControls />
      <TooFar />
      <Legend />
      {s.beside.value && s.beside.value.layer !== s.layer.value?.id && <Legend second />}
      {attribution.value && <p class="map-credit">{attribution.value}</p>}
    </div>
  );
}
