import type { Board } from "./board";

/** Read-only hooks for tests and benchmarks: window.__peelian. */
export interface Hooks {
  /** Where a cell's centre is drawn, in CSS pixels of the viewport. */
  cellCentreScreen(cell: number): { x: number; y: number } | null;
  cellCentreLngLat(cell: number): [number, number] | null;
  cellAtScreen(x: number, y: number): number | null;
  byte(cell: number, step: number): number;
  zoom(): number;
  centre(): [number, number];
  jumpTo(lng: number, lat: number, zoom: number): void;
  /** Milliseconds: page start to first grid drawn; the last step, set to drawn; its main-thread part. */
  readonly marks: { firstGridMs: number | null; stepMs: number | null; stepMainMs: number | null };
}

export const marks: { firstGridMs: number | null; stepMs: number | null; stepMainMs: number | null } = {
  firstGridMs: null,
  stepMs: null,
  stepMainMs: null,
};

declare global {
  interface Window {
    __peelian?: Hooks;
  }
}

export function expose(board: Board): void {
  const corner = () => board.map.getCanvas().getBoundingClientRect();
  const hooks: Hooks = {
    cellCentreScreen(cell) {
      const at = board.cellCentre(cell);
      const { left, top } = corner();
      return at && { x: at[0] + left, y: at[1] + top };
    },
    cellCentreLngLat: (cell) => board.centreOf(cell),
    cellAtScreen(x, y) {
      const { left, top } = corner();
      return board.cellAtPoint(x - left, y - top);
    },
    byte: (cell, step) => board.byteOf(cell, step),
    zoom: () => board.map.getZoom(),
    centre: () => board.map.getCenter().toArray(),
    jumpTo: (lng, lat, zoom) => void board.map.jumpTo({ center: [lng, lat], zoom }),
    get marks() {
      return { ...marks };
    },
  };
  Object.defineProperty(window, "__peelian", { value: Object.freeze(hooks), configurable: true });
}

/** Time the first grid and each step: from the change to the frame that shows it. */
export function watchFirst(board: Board): void {
  const look = () => {
    if (board.grid.drawn === 0) return;
    board.map.off("render", look);
    if (marks.firstGridMs !== null) return;
    marks.firstGridMs = performance.now();
    performance.mark("peelian:first-grid");
  };
  board.map.on("render", look);
}

export function timeStep(board: Board, change: () => void): void {
  const start = performance.now();
  change();
  marks.stepMainMs = performance.now() - start;
  board.map.once("render", () => {
    marks.stepMs = performance.now() - start;
    performance.measure("peelian:step", { start, end: performance.now() });
  });
}
