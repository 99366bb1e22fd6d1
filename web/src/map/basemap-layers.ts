import { addProtocol, type LayerSpecification, type Map as MapLibre, type SourceSpecification, type StyleSpecification } from "maplibre-gl";
import { PMTiles, Protocol } from "pmtiles";
import type { Basemap } from "../api";

const BENEATH = "built-up";
const OVER = "rail";
const LABELS = "venue-name";
const here = (url: string) => new URL(url, document.baseURI).href.replaceAll("%7B", "{").replaceAll("%7D", "}");

/** Quiet looks by what a layer's name says it holds: Zoomstack, Open Roads and Protomaps name theirs alike enough. */
const LOOKS: [RegExp, "fill" | "line" | "names", Record<string, unknown>][] = [
  [/^(sea|water|surface_?water|foreshore|tidal)/i, "fill", { "fill-color": "#cfdde8" }],
  [/^(green_?space|woodland|national_?parks|landcover|landuse)/i, "fill", { "fill-color": "#dfe8d8", "fill-opacity": 0.7 }],
  [/^(urban|district_?buildings|local_?buildings|buildings?|sites)/i, "fill", { "fill-color": "#e4e0d6" }],
  [/^(water_?lines?)/i, "line", { "line-color": "#b9cede", "line-width": 1 }],
  [/^(rail)(?!.*station)/i, "line", { "line-color": "#6b7480", "line-width": 1, "line-dasharray": [4, 2] }],
  [/^(roads?|road_?link)/i, "line", { "line-color": "#8b8476", "line-opacity": 0.7, "line-width": ["interpolate", ["linear"], ["zoom"], 8, 0.4, 13, 1.6, 16, 5] }],
  [/^(names?|places)$/i, "names", {}],
];

/** Lay a basemap beneath the grid, its names over it. Every request goes to this page's own origin. */
export async function lay(map: MapLibre, found: Basemap): Promise<void> {
  if (map.getSource("base") || map.getSource("base-0")) return;
  const url = here(found.url!);
  if (found.kind === "scene") return laySource(map, { type: "geojson", data: url }, null);
  if (found.kind === "mbtiles")
    return laySource(map, { type: "vector", tiles: [url], minzoom: found.minzoom, maxzoom: found.maxzoom }, found.layers ?? []);
  if (found.kind === "pmtiles") {
    const protocol = new Protocol();
    const archive = new PMTiles(url);
    protocol.add(archive);
    addProtocol("pmtiles", protocol.tile);
    const told = (await archive.getMetadata()) as { vector_layers?: { id: string }[] };
    return laySource(map, { type: "vector", url: `pmtiles://${url}` }, (told.vector_layers ?? []).map((one) => one.id));
  }
  return layStyle(map, (await (await fetch(url)).json()) as StyleSpecification);
}

function laySource(map: MapLibre, source: SourceSpecification, names: string[] | null): void {
  map.addSource("base", source);
  if (names === null) return layScene(map);
  for (const [like, kind, paint] of LOOKS)
    for (const name of names.filter((one) => like.test(one)))
      if (kind === "names") map.addLayer(labels(`base-${name}`, { "source-layer": name }), LABELS);
      else map.addLayer({ id: `base-${name}`, type: kind, source: "base", "source-layer": name, paint } as LayerSpecification, kind === "line" ? OVER : BENEATH);
}

/** A scene made here from local OS files: kinds told by a property. */
function layScene(map: MapLibre): void {
  const of = (...kinds: string[]) => ["in", ["get", "kind"], ["literal", kinds]] as never;
  const add = (id: string, type: "fill" | "line", kinds: string[], paint: object) =>
    map.addLayer({ id, type, source: "base", filter: of(...kinds), paint } as LayerSpecification, type === "line" ? OVER : BENEATH);
  add("base-water", "fill", ["water"], { "fill-color": "#cfdde8" });
  add("base-green", "fill", ["green"], { "fill-color": "#dfe8d8" });
  add("base-urban", "fill", ["built-up"], { "fill-color": "#e9e6dd" });
  add("base-rail", "line", ["rail"], { "line-color": "#6b7480", "line-width": 1, "line-dasharray": [4, 2] });
  add("base-road", "line", ["road"], {
    "line-color": ["match", ["get", "class"], "major", "#6d6557", "#8b8476"], "line-opacity": 0.7,
    "line-width": ["interpolate", ["linear"], ["zoom"], 8, ["match", ["get", "class"], "major", 0.9, 0.2], 13, ["match", ["get", "class"], "major", 2.4, 1.2], 16, 5],
  });
  map.addLayer({ ...roadNames(), filter: ["all", of("road"), ["has", "name"]] } as LayerSpecification, LABELS);
  map.addLayer({ ...labels("base-names", {}), filter: of("town", "village", "place") } as LayerSpecification, LABELS);
}

const roadNames = (): LayerSpecification => ({
  id: "base-road-name", type: "symbol", source: "base", minzoom: 13.2,
  layout: { "symbol-placement": "line", "text-field": ["get", "name"], "text-font": ["Noto Sans"], "text-size": 11 },
  paint: { "text-color": "#3b444d", "text-halo-color": "#ffffff", "text-halo-width": 1.5 },
});

const labels = (id: string, more: object): LayerSpecification => ({
  id, type: "symbol", source: "base", minzoom: 7, ...more,
  layout: {
    "text-field": ["coalesce", ["get", "name"], ["get", "name1"], ["get", "name_1"], ""],
    "text-font": ["Noto Sans"], "text-size": 12, "text-padding": 6,
  },
  paint: { "text-color": "#3b444d", "text-halo-color": "#ffffff", "text-halo-width": 1.6 },
} as LayerSpecification);

/** A far style's sources and quiet parts: its fills, lines and names, names in this page's own font. */
function layStyle(map: MapLibre, style: StyleSpecification): void {
  const names = Object.keys(style.sources);
  names.forEach((name, k) => map.addSource(`base-${k}`, absolute(style.sources[name]!)));
  for (const one of style.layers) {
    if (!("source" in one) || typeof one.source !== "string") continue;
    const source = `base-${names.indexOf(one.source)}`;
    if (one.type === "symbol") {
      if (!one.layout?.["text-field"]) continue;
      const layout = { ...one.layout, "text-font": ["Noto Sans"] };
      for (const key of Object.keys(layout)) if (key.startsWith("icon-")) delete (layout as Record<string, unknown>)[key];
      map.addLayer({ ...one, id: `base-${one.id}`, source, layout, paint: { "text-color": "#3b444d", "text-halo-color": "#fff", "text-halo-width": 1.4 } } as LayerSpecification, LABELS);
    } else if (["fill", "line", "raster"].includes(one.type))
      map.addLayer({ ...one, id: `base-${one.id}`, source } as LayerSpecification, one.type === "line" ? OVER : BENEATH);
  }
}

function absolute(source: SourceSpecification): SourceSpecification {
  const made = { ...source } as { url?: string; tiles?: string[] };
  if (made.url) made.url = here(made.url);
  if (made.tiles) made.tiles = made.tiles.map(here);
  return made as SourceSpecification;
}
