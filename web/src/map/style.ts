import type { FeatureCollection } from "geojson";
import type { StyleSpecification } from "maplibre-gl";
import latin from "@fontsource/noto-sans/files/noto-sans-latin-400-normal.woff2?url";
import latinExt from "@fontsource/noto-sans/files/noto-sans-latin-ext-400-normal.woff2?url";

const here = (url: string) => new URL(url, document.baseURI).href;

const EMPTY: FeatureCollection = { type: "FeatureCollection", features: [] };

/** The layer that the grid is drawn beneath. */
export const ABOVE_GRID = "road";

const kind = (...kinds: string[]): never => ["in", ["get", "kind"], ["literal", kinds]] as never;
const name = ["coalesce", ["get", "name"], ""] as never;

/** The quiet base map: land, roads, boundaries and names from the run's own scene; no tiles, no glyph server. */
export function baseStyle(): StyleSpecification {
  return {
    version: 8,
    "font-faces": {
      "Noto Sans": [
        { url: here(latin) },
        { url: here(latinExt), "unicode-range": ["U+0100-02BA", "U+1E00-1EFF"] },
      ],
    },
    sources: {
      scene: { type: "geojson", data: EMPTY },
      chosen: { type: "geojson", data: EMPTY },
      hovered: { type: "geojson", data: EMPTY },
    },
    layers: [
      { id: "sea", type: "background", paint: { "background-color": "#e6ebef" } },
      {
        id: "land", type: "fill", source: "scene",
        filter: ["all", kind("boundary"), ["==", ["geometry-type"], "Polygon"]] as never,
        paint: { "fill-color": "#f7f6f2" },
      },
      {
        id: "built-up", type: "fill", source: "scene", filter: kind("built-up"),
        paint: { "fill-color": "#e9e6dd" },
      },
      {
        id: "park", type: "circle", source: "scene", filter: kind("park"), minzoom: 12,
        paint: { "circle-radius": 3, "circle-color": "#3f7d4e", "circle-stroke-color": "#fff", "circle-stroke-width": 1 },
      },
      {
        id: "road", type: "line", source: "scene", filter: kind("road", "street"),
        layout: { "line-cap": "round", "line-join": "round" },
        paint: {
          "line-color": "#ffffff",
          "line-opacity": 0.75,
          "line-width": ["interpolate", ["linear"], ["zoom"], 9, 0.5, 13, 1.6, 16, 4],
        },
      },
      {
        id: "rail", type: "line", source: "scene", filter: kind("rail", "railway"),
        paint: { "line-color": "#59636e", "line-width": 1.2, "line-dasharray": [4, 2] },
      },
      {
        id: "boundary", type: "line", source: "scene", filter: kind("boundary", "district"),
        paint: { "line-color": "#4a5562", "line-width": 1.4, "line-dasharray": [3, 2] },
      },
      {
        id: "hovered", type: "line", source: "hovered",
        paint: { "line-color": "#14213d", "line-width": 1.5 },
      },
      {
        id: "chosen-halo", type: "line", source: "chosen",
        paint: { "line-color": "#ffffff", "line-width": 7 },
      },
      {
        id: "chosen", type: "line", source: "chosen",
        paint: { "line-color": "#b3123f", "line-width": 3 },
      },
      {
        id: "station", type: "circle", source: "scene", filter: kind("station"), minzoom: 10,
        paint: {
          "circle-radius": 4, "circle-color": "#ffffff", "circle-stroke-color": "#14213d",
          "circle-stroke-width": 2,
        },
      },
      {
        id: "venue", type: "circle", source: "scene", filter: kind("school", "pub", "stadium", "hospital"), minzoom: 13,
        paint: {
          "circle-radius": 2.5, "circle-color": "#ffffff", "circle-stroke-color": "#52606d",
          "circle-stroke-width": 1.2,
        },
      },
      {
        id: "venue-name", type: "symbol", source: "scene", filter: kind("school", "pub", "stadium", "hospital", "park"),
        minzoom: 14.2,
        layout: {
          "text-field": name, "text-font": ["Noto Sans"], "text-size": 11, "text-anchor": "left",
          "text-offset": [0.6, 0],
        },
        paint: { "text-color": "#3b444d", "text-halo-color": "#ffffff", "text-halo-width": 1.5 },
      },
      {
        id: "road-name", type: "symbol", source: "scene", filter: kind("road", "street"), minzoom: 13,
        layout: {
          "symbol-placement": "line", "text-field": name, "text-font": ["Noto Sans"], "text-size": 11,
        },
        paint: { "text-color": "#3b444d", "text-halo-color": "#ffffff", "text-halo-width": 1.5 },
      },
      {
        id: "station-name", type: "symbol", source: "scene", filter: kind("station"), minzoom: 11.5,
        layout: {
          "text-field": name, "text-font": ["Noto Sans"], "text-size": 11.5, "text-anchor": "left",
          "text-offset": [0.7, 0],
        },
        paint: { "text-color": "#14213d", "text-halo-color": "#ffffff", "text-halo-width": 1.8 },
      },
      {
        id: "town-name", type: "symbol", source: "scene", filter: kind("town", "city", "village", "place"),
        layout: {
          "text-field": name, "text-font": ["Noto Sans"],
          "text-size": ["interpolate", ["linear"], ["zoom"], 8, 12, 13, 18],
          "text-letter-spacing": 0.02,
          "text-anchor": "bottom",
          "text-offset": [0, -0.7],
        },
        paint: { "text-color": "#14213d", "text-halo-color": "#ffffff", "text-halo-width": 2 },
      },
    ],
  };
}
