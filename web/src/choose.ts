import { board } from "./map/current";
import * as s from "./state";

interface How {
  from: "map" | "list" | "story";
  /** Move the keyboard's focus to the place panel. */
  focus?: boolean;
  /** Keep the cell in view. */
  follow?: boolean;
  /** Open the reasons at once. */
  reasons?: boolean;
}

/** Choose a place: map, list and panel follow. */
export function choose(cell: number, how: How): void {
  s.cell.value = cell;
  s.cardOpen.value = true;
  if (how.reasons) s.reasonsOpen.value = true;
  const map = board.value;
  if (map && (how.from !== "map" || (how.follow && !map.sees(cell)))) map.goTo(cell, "ease");
  if (how.focus) requestAnimationFrame(() => document.getElementById("place-name")?.focus());
  else if (how.from === "map") revealRow(cell);
}

/** Bring the chosen row into the list's own view, never the page's. */
function revealRow(cell: number): void {
  requestAnimationFrame(() => {
    const row = document.querySelector<HTMLElement>(`tr[data-cell="${cell}"]`);
    const box = row?.closest<HTMLElement>(".list-scroll");
    if (!row || !box || box.scrollHeight <= box.clientHeight) return;
    const top = row.offsetTop - box.clientHeight / 2;
    box.scrollTo({ top, behavior: s.calm.matches ? "auto" : "smooth" });
  });
}
