import type { Lattice, LngLat } from "./lattice";

export type Corner = [column: number, row: number];

/** A polygon by corners of the lattice, or places by their numbers: what the address and the server read. */
export type Shape = { kind: "polygon"; corners: Corner[] } | { kind: "places"; places: number[] };

export function writeShape(shape: Shape): string {
  return shape.kind === "polygon" ? `p${shape.corners.map((at) => at.join(".")).join(",")}` : `c${shape.places.join(",")}`;
}

export function readShape(text: string | null): Shape | null {
  if (!text) return null;
  const parts = text.slice(1).split(",");
  if (text[0] === "c" && parts.every((one) => /^\d+$/.test(one))) return { kind: "places", places: parts.map(Number) };
  if (text[0] !== "p" || !parts.every((one) => /^-?\d+\.-?\d+$/.test(one))) return null;
  return { kind: "polygon", corners: parts.map((one) => one.split(".").map(Number) as Corner) };
}

/** The rectangle between two corners. */
export function rectangle([w, s]: Corner, [e, n]: Corner): Shape {
  return { kind: "polygon", corners: [[w, s], [e, s], [e, n], [w, n]] };
}

/** The rectangle of squares that reaches some metres each way from a point: at least one square. */
export function rectangleAround(lattice: Lattice, lng: number, lat: number, metres: number): Shape {
  const [x, y] = lattice.plain(lng, lat);
  const far = metres / lattice.unit;
  const [w, s] = lattice.cornerOf(x - far, y - far);
  const [e, n] = lattice.cornerOf(x + far, y + far);
  return rectangle([w, s], [Math.max(e, w + 1), Math.max(n, s + 1)]);
}

export const ringOf = (lattice: Lattice, corners: readonly Corner[]): LngLat[] =>
  corners.map(([column, row]) => lattice.corner(column, row));
