import type { FeatureCollection } from "geojson";
import type { ExpressionSpecification, GeoJSONSource } from "maplibre-gl";
import type { Board } from "./board";

export const NOTHING: FeatureCollection = { type: "FeatureCollection", features: [] };

interface Look {
  colour: string;
  dash?: readonly number[];
  width: number;
  label?: boolean;
}

/** Lay outlines over the grid: a white halo, a line whose dashes tell its kind as well as its colour, labels. */
export async function layMarks(board: Board, id: string, look: Look, data: FeatureCollection): Promise<void> {
  await board.ready;
  const { map } = board;
  const held = map.getSource(id) as GeoJSONSource | undefined;
  if (held) return void held.setData(data);
  map.addSource(id, { type: "geojson", data });
  map.addLayer({ id: `${id}-halo`, type: "line", source: id, paint: { "line-color": "#ffffff", "line-width": look.width + 2.5, "line-opacity": 0.85 } });
  const dash = look.dash ? { "line-dasharray": [...look.dash] } : {};
  map.addLayer({ id, type: "line", source: id, paint: { "line-color": look.colour, "line-width": look.width, ...dash } });
  if (!look.label) return;
  map.addLayer({
    id: `${id}-label`, type: "symbol", source: id, minzoom: 10.5,
    layout: {
      "text-field": ["get", "label"] as ExpressionSpecification, "text-font": ["Noto Sans"], "text-size": 12,
      "text-max-width": 12,
    },
    paint: { "text-color": look.colour, "text-halo-color": "#ffffff", "text-halo-width": 2 },
  });
}

/** Lay counts as circles, larger for more, with the number in them and from near by the street beneath. */
export async function layPoints(board: Board, id: string, data: FeatureCollection): Promise<void> {
  await board.ready;
  const { map } = board;
  const held = map.getSource(id) as GeoJSONSource | undefined;
  if (held) return void held.setData(data);
  map.addSource(id, { type: "geojson", data });
  const size = ["sqrt", ["get", "count"]] as unknown as ExpressionSpecification;
  map.addLayer({
    id, type: "circle", source: id,
    paint: {
      "circle-radius": ["interpolate", ["linear"], size, 0, 5, 1, 7, 5, 12, 15, 20],
      "circle-color": "#14213d", "circle-opacity": 0.9, "circle-stroke-color": "#ffffff", "circle-stroke-width": 2,
    },
  });
  map.addLayer({
    id: `${id}-count`, type: "symbol", source: id,
    layout: {
      "text-field": ["case", ["<", ["get", "count"], 0.5], "<1", ["to-string", ["round", ["get", "count"]]]],
      "text-font": ["Noto Sans"], "text-size": 11, "text-allow-overlap": true,
    },
    paint: { "text-color": "#ffffff" },
  });
  map.addLayer({
    id: `${id}-label`, type: "symbol", source: id, minzoom: 14.5,
    layout: {
      "text-field": ["get", "label"], "text-font": ["Noto Sans"], "text-size": 12, "text-max-width": 9,
      "text-anchor": "top", "text-offset": [0, 1.3],
    },
    paint: { "text-color": "#14213d", "text-halo-color": "#ffffff", "text-halo-width": 2 },
  });
}

export function liftMarks(board: Board, id: string): void {
  const { map } = board;
  for (const layer of [`${id}-label`, `${id}-count`, id, `${id}-halo`]) if (map.getLayer(layer)) map.removeLayer(layer);
  if (map.getSource(id)) map.removeSource(id);
}
