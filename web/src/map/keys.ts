import type { Board } from "./board";
import { tool } from "./current";

export interface KeyActions {
  /** Open a cell; `focus` moves the reader to its panel. */
  open(cell: number, focus: boolean): void;
  chosen(): number | null;
  help(): void;
  leave(): void;
}

const STEPS: Record<string, [number, number]> = {
  ArrowUp: [0, 1],
  ArrowDown: [0, -1],
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
};

/**
 * Keys of the focused map, beyond MapLibre's own arrows, plus and minus. They work only while the map has the
 * focus (WCAG 2.1.4).
 */
export function listenKeys(canvas: HTMLElement, board: Board, act: KeyActions): () => void {
  const onKey = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey) return;
    if (!event.altKey && toolKey(event.key, board)) {
      event.preventDefault();
      event.stopPropagation();
      return;
    }
    const step = event.altKey ? STEPS[event.key] : undefined;
    if (step) {
      const cell = neighbour(board, act.chosen() ?? centreCell(board), step);
      if (cell !== null) act.open(cell, false);
    } else if (event.key === "Enter") {
      const cell = centreCell(board);
      if (cell !== null) act.open(cell, true);
    } else if (event.key === "?") act.help();
    else if (event.key === "Escape") act.leave();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  canvas.addEventListener("keydown", onKey, true);
  return () => canvas.removeEventListener("keydown", onKey, true);
}

/** Keys of the tool in use: Space acts at the crosshair, Enter ends, Backspace takes back, Escape leaves. */
function toolKey(key: string, board: Board): boolean {
  const used = tool.value;
  if (!used) return false;
  const { lng, lat } = board.map.getCenter();
  if (key === " ") used.at(lng, lat);
  else if (key === "Enter") used.finish();
  else if (key === "Backspace") used.undo();
  else if (key === "Escape") used.leave();
  else return false;
  return true;
}

export function centreCell(board: Board): number | null {
  const { lng, lat } = board.map.getCenter();
  return board.placeAt(lng, lat);
}

function neighbour(board: Board, cell: number | null, [dx, dy]: [number, number]): number | null {
  return cell === null ? null : board.nextTo(cell, dx, dy);
}
