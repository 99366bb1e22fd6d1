import { computed, signal } from "@preact/signals";
import type { Choice, Job, LayerSpec, Manifest, Place, Table } from "./contract";
import { Lattice } from "./lattice";
import { remembered } from "./remember";

export type View = "map" | "list";

export const manifest = signal<Manifest | null>(null);
/** Why there is nothing to show, in words; null while all is well. */
export const trouble = signal<string | null>(null);

export const layerId = signal("expected");
/** Whether the address or the reader chose the layer. */
export const layerChosen = signal(false);
export const step = signal(0);
/** The view asked for: squares (`cell`) or larger places; null is the one the run opens in. */
export const asked = signal<string | null>(null);
export const cell = signal<number | null>(null);
export const view = signal<View>("map");

/** What lies over the map. */
export type Overlay = "warnings" | "interventions" | "plan" | "streets";
export const overlays = signal<readonly Overlay[]>([]);
/** The plan drawn; null is the area's newest. */
export const planId = signal<string | null>(null);

/** Which days the counts on or near streets are of. */
export type StreetPeriod = "year" | "recent" | "before";
export const streetPeriod = signal<StreetPeriod>("year");

/** The area drawn or picked, as the address and the server write it (see shape.ts). */
export const shape = signal<string | null>(null);

/** What the map is compared with: another layer, another period, or both. */
export interface Beside {
  layer: string;
  step: number;
}
export const beside = signal<Beside | null>(null);
/** Where the two maps part, in per cent of the width; `abreast` puts them side by side instead. */
export const swipe = signal(50);
export const abreast = signal(false);

/** Colours for those who see few: blue to yellow, and blue to orange where the middle means something. */
export const safe = signal(false);

export type Tool = "over" | "area" | "compare";
export const toolOpen = signal<Tool | null>(null);

export const table = signal<Table | null>(null);
export const limit = signal(window.innerWidth < 1100 ? 8 : 25);
/** West, south, east, north of the map's view when the list is to follow it. */
export const inView = signal(false);
export const bounds = signal<readonly number[] | null>(null);

export const place = signal<Place | null>(null);
export const cardOpen = signal(true);
/** Whether the place panel shows all its figures, and the key all its classes: folded, they leave the map free. */
export const cardFull = remembered("place", false);
export const keyOpen = remembered("key", false);
export const reasonsOpen = signal(false);

/** Runs of this area to choose between, one a target. */
export const choices = signal<Choice[]>([]);
/** The run the address or the reader pinned; null follows the newest. */
export const pinned = signal<string | null>(null);

/** Whether the server stopped answering; what is on the page stays. */
export const away = signal(false);

export const evaluation = signal<unknown>(null);
export const jobs = signal<Job[]>([]);
export const playing = signal(false);
export const helpOpen = signal(false);
export const mapFailure = signal<string | null>(null);

/** What the one polite live region says. */
export const said = signal("");
export const say = (words: string): void => {
  said.value = words;
};

/** The view on show. */
export const level = computed(() => manifest.value?.view ?? "cell");

export const lattice = computed(() => (manifest.value ? new Lattice(manifest.value.grid) : null));

/** The layer of the rate now, where this run is live (see live/). */
export const liveLayer = signal<LayerSpec | null>(null);

/** Layers to choose from. */
export const layers = computed<LayerSpec[]>(() => {
  const own = manifest.value?.layers ?? [];
  return liveLayer.value ? [liveLayer.value, ...own] : own;
});

export const layer = computed<LayerSpec | null>(() => {
  const own = manifest.value?.layers ?? [];
  return layers.value.find((one) => one.id === layerId.value) ?? own[0] ?? null;
});

/** What the list is ordered by: the layer's own number where it has one in the list. */
export const sort = computed(() => {
  const id = layer.value?.id;
  return id === "change" || id === "harm" ? id : "mean";
});

/** Steps of the forecast: what the time slider moves over. */
export const steps = computed(() => manifest.value?.steps ?? []);

export const stepLabel = computed(() => steps.value[step.value]?.label ?? "");

export const calm = window.matchMedia("(prefers-reduced-motion: reduce)");

/** One column: the list first, the map beneath it. */
export const narrow = window.matchMedia("(max-width: 1099px)");
