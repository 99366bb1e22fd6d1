import type { FeatureCollection } from "geojson";
import type { Map as MapLibre } from "maplibre-gl";
import type { LayerSpec } from "../contract";
import { Areas } from "./areas";
import { colourOf, css } from "./palette";
import { ABOVE_GRID } from "./style";

const CLEAR = "rgb(0 0 0 / 0)";

/** Diagonal lines, as the grid's shader draws where nothing is held. */
function hatch(): ImageData {
  const side = 8;
  const drawn = new ImageData(side, side);
  for (let y = 0; y < side; y++)
    for (let x = 0; x < side; x++)
      drawn.data.set((x + y) % side < 2 ? [96, 104, 112, 150] : [0, 0, 0, 0], (y * side + x) * 4);
  return drawn;
}

/** The places of a view, each filled with the colour of its byte: the same table of colours as the grid's. */
export class AreaLayer {
  readonly areas: Areas;
  readonly places: number;

  constructor(
    private readonly map: MapLibre,
    scene: FeatureCollection,
  ) {
    this.areas = new Areas(scene);
    this.places = scene.features.length;
    map.addSource("places", { type: "geojson", data: scene });
    const fill = ["coalesce", ["feature-state", "fill"], CLEAR] as never;
    map.addLayer({ id: "places", type: "fill", source: "places", paint: { "fill-color": fill } }, ABOVE_GRID);
    map.addImage("hatch", hatch());
    map.addLayer(
      {
        id: "places-none", type: "fill", source: "places", filter: ["boolean", false],
        paint: { "fill-pattern": "hatch" },
      },
      ABOVE_GRID,
    );
    map.addLayer(
      {
        id: "places-edge", type: "line", source: "places",
        paint: {
          "line-color": "#4a5562",
          "line-opacity": 0.55,
          "line-width": ["interpolate", ["linear"], ["zoom"], 8, 0.2, 12, 0.9],
        },
      },
      ABOVE_GRID,
    );
  }

  show(layer: LayerSpec, bytes: Uint8Array, step: number): void {
    const none: number[] = [];
    for (let id = 0; id < this.places; id++) {
      const byte = bytes[step * this.places + id] ?? 0;
      if (byte < 8) none.push(id);
      const fill = byte < 8 ? CLEAR : css(colourOf(layer, byte >> 3, byte & 7));
      this.map.setFeatureState({ source: "places", id }, { fill });
    }
    this.map.setFilter("places-none", ["in", ["id"], ["literal", none]]);
    this.map.triggerRepaint();
  }
}
