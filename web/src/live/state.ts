import { computed, effect, signal, untracked } from "@preact/signals";
import { lattice, layerChosen, layerId, level, liveLayer, manifest } from "../state";
import type { Live, Now, Patch, Whole } from "./contract";

/** What the server last said of its feeds; null until asked. */
export const live = signal<Live | null>(null);
/** How far this machine's clock is behind the server's, in milliseconds. */
export const behind = signal(0);
/** Seconds until the next try after the connection was lost; null while it stands. */
export const retrying = signal<number | null>(null);
/** Grows with every change of cells: what draws cells listens to it. */
export const change = signal(0);
/** Warnings raised since the page was opened. */
export const warnings = signal(0);

/** Cells with any report in the last week or a change since. Not a signal: it may hold many; see `change`. */
export const cells = new Map<number, Now>();
export const names = new Map<number, string>();
/** The drawn bytes, patched in place. */
export let box: Uint8Array = new Uint8Array();
/** Of the whole layer or the last patch; null until the whole was read. */
let version: number | null = null;
let risen = 0;
/** Patches that came while the whole layer was being read: it may be older than they are. */
let pending: [Patch, number][] | null = null;

/** Whether the run on show is the one that is live. */
export const here = computed(() => {
  const said = live.value;
  return change.value > 0 && Boolean(said?.live) && said?.run === manifest.value?.run;
});

/** Offer the live layer where squares are shown; open on it unless a layer was chosen. */
export function offerLayer(): void {
  const spec = computed(() => (here.value && level.value === "cell" ? (live.value?.layer ?? null) : null));
  const id = computed(() => spec.value && `${live.value?.run} ${spec.value.breaks.join()}`);
  effect(() => {
    liveLayer.value = id.value === null ? null : untracked(() => spec.value);
    if (id.value !== null && !untracked(() => layerChosen.value)) layerId.value = "live";
  });
}

export function takeLive(said: Live): void {
  live.value = said;
  if (said.clock && !said.speed) behind.value = new Date(said.clock).getTime() - Date.now();
}

/** Begin to read the whole layer: patches are kept until it is here. */
export function expectWhole(): void {
  pending = [];
}

/** The whole layer did not come. */
export function giveUpWhole(): void {
  pending = null;
}

/** Take the whole layer, and what came meanwhile; patches older than it are in it already. */
export function takeWhole(whole: Whole): void {
  box = Uint8Array.from(atob(whole.box), (one) => one.charCodeAt(0));
  cells.clear();
  version = whole.version;
  put(whole, false);
  const since = pending ?? [];
  pending = null;
  change.value++;
  for (const [patch, at] of since) takePatch(patch, at);
}

/** Take a patch; gives how many reports it brought, by place. */
export function takePatch(patch: Patch, at: number): Map<number, number> {
  pending?.push([patch, at]);
  if (version === null || at <= version) return new Map();
  version = at;
  const more = put(patch, true);
  const grid = level.value === "cell" ? lattice.value : null;
  patch.cells.forEach((cell, k) => {
    const where = grid?.box(cell);
    if (where) box[where[1] * grid!.cols + where[0]] = patch.bytes[k]!;
  });
  change.value++;
  return more;
}

function put(patch: Patch, news: boolean): Map<number, number> {
  const more = new Map<number, number>();
  for (const [cell, name] of Object.entries(patch.names)) names.set(Number(cell), name);
  patch.cells.forEach((cell, k) => {
    const before = cells.get(cell);
    const [rate, day, week] = [patch.rate[k]!, patch.day[k]!, patch.week[k]!];
    const rise = day - (before?.day ?? 0);
    if (news && rise > 0) more.set(cell, rise);
    cells.set(cell, { rate, day, week, rose: news && rise > 0 ? ++risen : (before?.rose ?? 0) });
  });
  return more;
}

/** Places with a report in the last day, the newest first, then the busiest. */
export function latest(most: number): [number, Now][] {
  return [...cells]
    .filter(([cell, now]) => now.day > 0 && names.has(cell))
    .sort(([a, x], [b, y]) => y.rose - x.rose || y.day - x.day || y.week - x.week || a - b)
    .slice(0, most);
}
