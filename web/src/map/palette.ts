import type { LayerSpec } from "../contract";
import { safe } from "../state";

type Rgb = readonly [number, number, number];
export type Rgba = readonly [number, number, number, number];

// Light to dark in lightness, one hue family a layer, told apart by all common kinds of colour blindness.
const RAMPS: Record<string, readonly Rgb[]> = {
  forecast: [[233, 226, 190], [171, 208, 176], [96, 174, 171], [42, 127, 158], [35, 80, 135], [32, 33, 89]],
  past: [[240, 224, 196], [222, 182, 128], [193, 135, 79], [149, 92, 52], [100, 57, 39], [56, 30, 28]],
  coverage: [[233, 228, 214], [190, 207, 188], [126, 169, 143], [66, 120, 99], [24, 70, 58]],
  doubt: [[232, 224, 238], [203, 186, 220], [168, 146, 197], [132, 106, 171], [99, 68, 140], [66, 34, 102]],
};

/** What an unsure colour fades to. */
const UNSURE: Rgb = [205, 205, 200];

const FORECASTS = new Set(["expected", "chance", "live", "harm"]);

/** Cividis from light to dark (the values of matplotlib 3): made to look alike to those who see few colours. */
const CIVIDIS: readonly Rgb[] = [[254, 232, 56], [200, 184, 102], [148, 142, 119], [102, 105, 112], [53, 69, 108], [0, 34, 78]];

/** The middle means usual variation; the ends are blue for fewer and brown for more, also told apart by few colours. */
const CHANGE: readonly Rgb[] = [[24, 74, 140], [110, 160, 208], [214, 214, 209], [221, 148, 84], [139, 57, 10]];

const rampOf = (layer: string): readonly Rgb[] =>
  safe.value ? CIVIDIS : (RAMPS[FORECASTS.has(layer) ? "forecast" : layer] ?? RAMPS.forecast!);

const mix = (a: Rgb, b: Rgb, t: number): Rgb => [0, 1, 2].map((k) => a[k]! + (b[k]! - a[k]!) * t) as never;

function along(stops: readonly Rgb[], t: number): Rgb {
  const at = Math.max(0, Math.min(1, t)) * (stops.length - 1);
  const k = Math.min(stops.length - 2, Math.floor(at));
  return mix(stops[k]!, stops[k + 1]!, at - k);
}

export const classesOf = (layer: LayerSpec): number => Math.max(1, layer.labels.length);

/**
 * The colour of a class at a certainty of 0 to 7: value-suppressing (Correll, Moritz and Heer 2018). The less
 * sure, the closer classes come to one another and to grey, so that doubt cannot be overlooked.
 */
export function colourOf(layer: LayerSpec, value: number, certainty: number): Rgba {
  const classes = classesOf(layer);
  const sure = FORECASTS.has(layer.id) ? certainty / 7 : 1;
  const place = classes > 1 ? (Math.min(value, classes) - 1) / (classes - 1) : 1;
  if (layer.id === "change") {
    const [r, g, b] = along(CHANGE, place);
    return [Math.round(r), Math.round(g), Math.round(b), Math.round(255 * (0.4 + 1.08 * Math.abs(place - 0.5)))];
  }
  const kept = 0.45 + 0.55 * sure;
  const rgb = mix(UNSURE, along(rampOf(layer.id), 0.12 + (place - 0.12) * kept), 0.36 + 0.64 * sure);
  const alpha = 0.5 + 0.44 * Math.min(1, place * 2.2);
  return [Math.round(rgb[0]), Math.round(rgb[1]), Math.round(rgb[2]), Math.round(alpha * 255)];
}

/** The 256 colours of a layer's bytes: (value << 3) | certainty; bytes below 8 are drawn by the shader. */
export function tableOf(layer: LayerSpec): Uint8Array<ArrayBuffer> {
  const table = new Uint8Array(1024);
  for (let byte = 8; byte < 256; byte++) table.set(colourOf(layer, byte >> 3, byte & 7), byte * 4);
  return table;
}

/** The colour as CSS over the map's land, for the legend. */
export const css = ([r, g, b, a]: Rgba): string => `rgb(${r} ${g} ${b} / ${(a / 255).toFixed(3)})`;

/** The class that is drawn struck through: its places may be one thing or the other, not the most of it. 0: none. */
export const struckClass = (layer: LayerSpec): number => (layer.id === "fragile" ? 3 : 0);

/** A class's colour for the legend, struck through as on the map. */
export function swatch(layer: LayerSpec, value: number, certainty: number): string {
  const colour = css(colourOf(layer, value, certainty));
  if (value !== struckClass(layer)) return colour;
  return `repeating-linear-gradient(45deg, rgb(255 255 255 / 0.8) 0 1.6px, transparent 1.6px 5px), ${colour}`;
}

/** Whether certainty changes this layer's colours. */
export const showsCertainty = (layer: LayerSpec): boolean => FORECASTS.has(layer.id);
