import proj4 from "proj4";
import type { GridSpec } from "./contract";

/** The seven-parameter shift of the British datum, which PROJ's own export leaves out (some 100 m without). */
const BRITISH_SHIFT = "+towgs84=446.448,-125.157,542.06,0.1502,0.247,0.8421,-20.4894";

function definition(spec: GridSpec): string {
  const shifted = /\+(towgs84|nadgrids)=/.test(spec.proj4);
  return spec.crs === "EPSG:27700" && !shifted ? `${spec.proj4} ${BRITISH_SHIFT}` : spec.proj4;
}

interface Plane {
  forward(lngLat: [number, number]): [number, number];
  inverse(xy: [number, number]): [number, number];
}

export type LngLat = [number, number];

/**
 * The run's box of cells: ids, box positions and places on the globe.
 * Box columns count from the west, box rows from the south; both may be fractional (an edge, a centre).
 */
export class Lattice {
  readonly cols: number;
  readonly rows: number;
  private readonly column0: number;
  private readonly row0: number;
  private readonly plane: Plane;

  constructor(private readonly spec: GridSpec) {
    this.cols = spec.cols;
    this.rows = spec.rows;
    this.plane = proj4("EPSG:4326", definition(spec));
    this.column0 = spec.first_column;
    this.row0 = spec.first_row;
  }

  /** Longitude and latitude of a box position. */
  lngLat(column: number, row: number): LngLat {
    const { x0, y0, size } = this.spec;
    return this.plane.inverse([x0 + column * size, y0 + row * size]);
  }

  /** Box position of a longitude and latitude, fractional; may lie outside the box. */
  position(lng: number, lat: number): [number, number] {
    const [x, y] = this.plane.forward([lng, lat]);
    return [(x - this.spec.x0) / this.spec.size, (y - this.spec.y0) / this.spec.size];
  }

  /** Longitude and latitude of a corner of the whole lattice: shapes are written by those. */
  corner(column: number, row: number): LngLat {
    return this.lngLat(column - this.column0, row - this.row0);
  }

  /** The lattice's corner nearest to a point. */
  cornerNear(lng: number, lat: number): [number, number] {
    const [column, row] = this.position(lng, lat);
    return [Math.round(column) + this.column0, Math.round(row) + this.row0];
  }

  /** Easting and northing, or the CRS's own axes, of a point. */
  plain(lng: number, lat: number): [number, number] {
    const [column, row] = this.position(lng, lat);
    return [this.spec.x0 + column * this.spec.size, this.spec.y0 + row * this.spec.size];
  }

  /** The lattice's corner nearest to an easting and northing. */
  cornerOf(easting: number, northing: number): [number, number] {
    const { x0, y0, size } = this.spec;
    return [Math.round((easting - x0) / size) + this.column0, Math.round((northing - y0) / size) + this.row0];
  }

  cellAt(lng: number, lat: number): number | null {
    const [column, row] = this.position(lng, lat);
    return this.id(Math.floor(column), Math.floor(row));
  }

  id(column: number, row: number): number | null {
    const inside = column >= 0 && row >= 0 && column < this.cols && row < this.rows;
    return inside ? (this.row0 + row) * this.spec.columns + this.column0 + column : null;
  }

  /** Box column and row of a cell id, or null outside the box. */
  box(cell: number): [number, number] | null {
    const column = (cell % this.spec.columns) - this.column0;
    const row = Math.floor(cell / this.spec.columns) - this.row0;
    return this.id(column, row) === null ? null : [column, row];
  }

  centre(cell: number): LngLat | null {
    const at = this.box(cell);
    return at && this.lngLat(at[0] + 0.5, at[1] + 0.5);
  }

  /** The cell's ring, closed, anticlockwise. */
  outline(cell: number): LngLat[] | null {
    const at = this.box(cell);
    if (!at) return null;
    const [c, r] = at;
    return [
      [c, r],
      [c + 1, r],
      [c + 1, r + 1],
      [c, r + 1],
      [c, r],
    ].map(([x, y]) => this.lngLat(x!, y!));
  }

  /** Metres in one unit of the grid. */
  get unit(): number {
    return this.spec.unit_m ?? 1;
  }

  /** Metres along a cell's side. */
  get metres(): number {
    return this.spec.size * (this.spec.unit_m ?? 1);
  }
}
