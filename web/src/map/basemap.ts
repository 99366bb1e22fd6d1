import { signal } from "@preact/signals";
import { type Basemap, readBasemap } from "../api";
import type { Board } from "./board";

/** The credit the basemap's licence asks for. */
export const attribution = signal("");

let asked: Promise<Basemap> | null = null;

/** Lay the basemap of this workspace beneath the grid; its code comes only where one is set. */
export async function layBasemap(board: Board): Promise<void> {
  asked ??= readBasemap();
  const found = await asked.catch(() => null);
  if (!found || found.kind === "none" || !found.url) return;
  await board.ready;
  const { lay } = await import("./basemap-layers");
  await lay(board.map, found).catch(() => undefined); // the map works without it
  attribution.value = found.attribution;
}
