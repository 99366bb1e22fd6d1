import type { Lattice, LngLat } from "../lattice";

/** Cells along a side of one mesh square: straight edges that long stay within centimetres of the true curve. */
const STRIDE = 8;

export interface Mesh {
  /** x, y (Web Mercator 0..1, less `origin`), column, row: four float32 a vertex. */
  vertices: Float32Array;
  indices: Uint32Array;
  /** Subtracted from every position so that float32 keeps centimetres. */
  origin: [number, number];
  across: number;
}

export function mercator([lng, lat]: LngLat): [number, number] {
  return [(lng + 180) / 360, (1 - Math.asinh(Math.tan((lat * Math.PI) / 180)) / Math.PI) / 2];
}

export function unmercator([x, y]: readonly [number, number]): LngLat {
  return [x * 360 - 180, (Math.atan(Math.sinh(Math.PI * (1 - 2 * y))) * 180) / Math.PI];
}

/** Lay the lattice's box on Web Mercator as triangles. */
export function layMesh(lattice: Lattice): Mesh {
  const { cols, rows } = lattice;
  const nx = Math.ceil(cols / STRIDE);
  const ny = Math.ceil(rows / STRIDE);
  const origin = mercator(lattice.lngLat(cols / 2, rows / 2));
  const vertices = new Float32Array((nx + 1) * (ny + 1) * 4);
  let o = 0;
  for (let j = 0; j <= ny; j++) {
    for (let i = 0; i <= nx; i++) {
      const column = Math.min(i * STRIDE, cols);
      const row = Math.min(j * STRIDE, rows);
      const [x, y] = mercator(lattice.lngLat(column, row));
      vertices[o++] = x - origin[0];
      vertices[o++] = y - origin[1];
      vertices[o++] = column;
      vertices[o++] = row;
    }
  }
  return { vertices, indices: triangles(nx, ny), origin, across: nx + 1 };
}

function triangles(nx: number, ny: number): Uint32Array {
  const indices = new Uint32Array(nx * ny * 6);
  let o = 0;
  for (let j = 0; j < ny; j++) {
    for (let i = 0; i < nx; i++) {
      const a = j * (nx + 1) + i;
      const c = a + nx + 1;
      indices.set([a, a + 1, c, a + 1, c + 1, c], o);
      o += 6;
    }
  }
  return indices;
}

/**
 * Where the mesh draws a box position: the same float32 vertices and the same triangles as the GPU's,
 * so that a test of registration measures the drawing and not the projection.
 */
export function drawnAt(mesh: Mesh, column: number, row: number): LngLat {
  const { vertices, across } = mesh;
  const down = vertices.length / 4 / across;
  const i = Math.min(Math.floor(column / STRIDE), across - 2);
  const j = Math.min(Math.floor(row / STRIDE), down - 2);
  const at = (di: number, dj: number) => {
    const o = ((j + dj) * across + i + di) * 4;
    return vertices.subarray(o, o + 4);
  };
  const [a, b, c, d] = [at(0, 0), at(1, 0), at(0, 1), at(1, 1)];
  const u = (column - a[2]!) / (b[2]! - a[2]!);
  const v = (row - a[3]!) / (c[3]! - a[3]!);
  const blend = (k: 0 | 1) =>
    u + v <= 1
      ? a[k]! + u * (b[k]! - a[k]!) + v * (c[k]! - a[k]!)
      : d[k]! + (1 - u) * (c[k]! - d[k]!) + (1 - v) * (b[k]! - d[k]!);
  return unmercator([blend(0) + mesh.origin[0], blend(1) + mesh.origin[1]]);
}
