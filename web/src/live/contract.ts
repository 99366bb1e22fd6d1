// What the server tells of live feeds (/api/v1/live, /live/cells, /stream).
import type { LayerSpec } from "../contract";

export interface FeedFresh {
  name: string;
  title: string;
  cadence: string;
  live: boolean;
  quiet: boolean;
  last_heard: string | null;
  newest: string | null;
  words: string;
}

export interface Live {
  live: boolean;
  clock?: string;
  /** How many times faster than time a replay runs; null when the clock is the wall's. */
  speed?: number | null;
  heard?: string | null;
  version?: number;
  newest?: string | null;
  feeds: FeedFresh[];
  reason?: string;
  run?: string | null;
  layer?: LayerSpec | null;
}

/** Cells as they are now; the lists run side by side. */
export interface Patch {
  clock: string;
  cells: number[];
  bytes: number[];
  rate: number[];
  day: number[];
  week: number[];
  names: Record<string, string>;
}

export interface Whole extends Patch {
  version: number;
  run: string;
  /** Bytes of the run's box, base64. */
  box: string;
}

/** What is held of one cell. */
export interface Now {
  rate: number;
  day: number;
  week: number;
  /** Counts up when the last day's count last rose; 0 for what stood there at first. */
  rose: number;
}
