import type { Feature, FeatureCollection, MultiPolygon, Polygon, Position } from "geojson";
import type { LngLat } from "../lattice";

type Shape = Polygon | MultiPolygon;

interface Area {
  shape: Shape;
  /** West, south, east, north. */
  box: [number, number, number, number];
  centre: LngLat;
}

/** The places of a view that are no squares of the grid: neighbourhoods by number, as the table's `cell`. */
export class Areas {
  private readonly held: Area[];

  constructor(scene: FeatureCollection) {
    const shapes = scene.features.filter((one): one is Feature<Shape> => one.geometry?.type.endsWith("Polygon"));
    this.held = [];
    for (const one of shapes) this.held[Number(one.id)] = measure(one.geometry);
  }

  cellAt(lng: number, lat: number): number | null {
    const at = this.held.findIndex((one) => one && within(one.box, lng, lat) && holds(one.shape, lng, lat));
    return at < 0 ? null : at;
  }

  centre(place: number): LngLat | null {
    return this.held[place]?.centre ?? null;
  }

  outline(place: number): Shape | null {
    return this.held[place]?.shape ?? null;
  }

  /** Degrees across a place, the wider way. */
  across(place: number): number {
    const [w, s, e, n] = this.held[place]?.box ?? [0, 0, 0, 0];
    return Math.max(e - w, n - s);
  }

  /** The nearest place whose middle lies in a direction: east and north are 1, 0 or -1. */
  neighbour(place: number, east: number, north: number): number | null {
    const from = this.centre(place);
    if (!from) return null;
    const squeeze = Math.cos((from[1] * Math.PI) / 180);
    let best: number | null = null;
    let least = Infinity;
    this.held.forEach((one, at) => {
      const [dx, dy] = [(one.centre[0] - from[0]) * squeeze, one.centre[1] - from[1]];
      const ahead = dx * east + dy * north;
      const aside = Math.abs(dx * north) + Math.abs(dy * east);
      const far = Math.hypot(dx, dy);
      if (at !== place && ahead > 0 && ahead >= aside && far < least) [best, least] = [at, far];
    });
    return best;
  }
}

const rings = (shape: Shape): Position[][] =>
  shape.type === "Polygon" ? shape.coordinates : shape.coordinates.flat();

function measure(shape: Shape): Area {
  const box: Area["box"] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const ring of rings(shape))
    for (const [x, y] of ring) {
      box[0] = Math.min(box[0], x!);
      box[1] = Math.min(box[1], y!);
      box[2] = Math.max(box[2], x!);
      box[3] = Math.max(box[3], y!);
    }
  return { shape, box, centre: inner(shape, box) };
}

/** A point inside: the middle of the widest crossing on the line through the middle of the box. */
function inner(shape: Shape, [w, s, e, n]: Area["box"]): LngLat {
  const y = (s + n) / 2;
  const cuts: number[] = [];
  for (const ring of rings(shape))
    for (let k = 1; k < ring.length; k++) {
      const [[x0, y0], [x1, y1]] = [ring[k - 1] as LngLat, ring[k] as LngLat];
      if (y0 > y !== y1 > y) cuts.push(x0 + ((y - y0) / (y1 - y0)) * (x1 - x0));
    }
  cuts.sort((a, b) => a - b);
  let [from, to] = [w, w];
  for (let k = 1; k < cuts.length; k += 2) if (cuts[k]! - cuts[k - 1]! > to - from) [from, to] = [cuts[k - 1]!, cuts[k]!];
  return to > from ? [(from + to) / 2, y] : [(w + e) / 2, y];
}

const within = ([w, s, e, n]: Area["box"], x: number, y: number) => x >= w && x <= e && y >= s && y <= n;

/** Whether a point lies in a shape: crossings counted over all rings, so that holes are out. */
function holds(shape: Shape, x: number, y: number): boolean {
  let inside = false;
  for (const ring of rings(shape))
    for (let k = 1; k < ring.length; k++) {
      const [[x0, y0], [x1, y1]] = [ring[k - 1] as LngLat, ring[k] as LngLat];
      if (y0 > y !== y1 > y && x < x0 + ((y - y0) / (y1 - y0)) * (x1 - x0)) inside = !inside;
    }
  return inside;
}
