// What the server sends (/api/v1). Fields marked optional may be absent; the page then says less.

export interface GridSpec {
  name: string;
  crs: string;
  proj4: string;
  /** Side of a cell, in the CRS's unit. */
  size: number;
  /** South-west corner of the run's box, in the CRS's unit. */
  x0: number;
  y0: number;
  /** Cells in the box. */
  cols: number;
  rows: number;
  /** Columns of the whole lattice: cell id = row x columns + column. */
  columns: number;
  /** Lattice column and row of the box's south-west cell. */
  first_column: number;
  first_row: number;
  unit_m?: number;
}

export interface Step {
  index: number;
  start: string;
  end: string;
  label: string;
}

export interface LayerSpec {
  id: string;
  title: string;
  unit: string;
  words: string;
  steps: number;
  url: string;
  breaks: number[];
  labels: string[];
}

/** A way to see the run: by its squares (`cell`) or by larger places, whose bounds are a file of their own. */
export interface ViewSpec {
  id: string;
  title: string;
  bounds_url?: string;
}

export interface StoryPlace {
  cell: number;
  name: string;
  words: string;
}

export interface Story {
  sentence: string;
  plain_sentence?: string | null;
  /** What must be said of the fairness audit; empty where it is in date. */
  audit?: string | null;
  certain?: StoryPlace | null;
  doubtful?: StoryPlace | null;
  /** Whether places without records are drawn hatched. */
  hatched?: boolean;
  no_data?: string | (StoryPlace & { words?: string }) | null;
}

export interface Manifest {
  run: string;
  area: { code?: string; name: string; km2?: number; cells?: number; how?: string } | string;
  target: string | { name: string };
  title: string;
  simulated: boolean;
  origin: string;
  every: string;
  window: number;
  as_of: string;
  created: string;
  model: string | { id: string; title?: string };
  served?: unknown;
  grid: GridSpec;
  bounds: [number, number, number, number];
  steps: Step[];
  /** The view these layers and this story are of, those there are, and the one the run opens in. */
  view?: string;
  views?: ViewSpec[];
  opens?: string;
  layers: LayerSpec[];
  certainty: { labels: string[] };
  story: Story;
  links?: Record<string, string>;
}

/** A run the page can change to: the newest of its target. */
export interface Choice {
  run: string;
  target: string;
  title: string;
  every: string;
  origin: string;
}

export interface Row {
  rank: number;
  cell: number;
  name: string;
  lon: number;
  lat: number;
  mean: number | null;
  q05: number | null;
  q95: number | null;
  p_any: number | null;
  chance_low: number | null;
  chance_high: number | null;
  words: string;
  certainty: string | number | { level: number; words: string };
  last_year: number | null;
  /** Recorded in the same days a year before. */
  year_before?: number | null;
  harm?: number | null;
}

export interface Table {
  rows: Row[];
  total: number;
}

export interface Contribution {
  name: string;
  value: number;
  words: string;
}

export interface Place {
  cell: number;
  name: string;
  lon: number;
  lat: number;
  easting: number;
  northing: number;
  sentence: string;
  mean: number | null;
  dispersion: number | null;
  p_any: number | null;
  chance_low: number | null;
  chance_high: number | null;
  q05: number | null;
  q50: number | null;
  q95: number | null;
  last_year: number | null;
  year_before?: number | null;
  words?: string;
  /** Said where being among the first places hangs on how much is reported there. */
  fragile_words?: string;
  certainty?: Row["certainty"];
  history: { start: string; count: number | null }[];
  /** What one entry of the history counts: days where the steps are shifts of them. */
  history_every?: string;
  contributions: Contribution[];
  coverage: string | { words: string };
  caveat?: string;
}

export interface Job {
  id: number | string;
  kind: string;
  state: "queued" | "running" | "done" | "failed";
  progress: number | null;
  message?: string | null;
  arguments?: Record<string, unknown>;
}

/** An area someone drew or picked, added up by the server. */
export interface Drawn {
  shape: string;
  /** Its name, where it was chosen by one. */
  name?: string;
  level: string;
  label: string;
  places: number;
  unheld: number;
  cells: number[];
  km2: number;
  place_words: string;
  mean: number | null;
  low: number | null;
  high: number | null;
  last_year: number | null;
  year_before: number | null;
  harm: number | null;
  share: number | null;
  share_of_places: number;
  by_step: (number | null)[];
  rows: Row[];
  history: { start: string; count: number | null }[];
  history_every: string;
  trend: {
    now: number | null;
    before: number | null;
    year_before: number | null;
    periods: number;
    words_before: string;
    words_year: string;
  } | null;
  sentence: string;
}

/** A ward, beat, LSOA or area of the force's own; `key` names it alone. */
export interface NamedArea {
  key: string;
  name: string;
  kind: string;
}

/** A place the search found; `cell` where the run has it. */
export interface Found {
  label: string;
  kind: string;
  lon: number;
  lat: number;
  precision_m: number | null;
  cell: number | null;
}
