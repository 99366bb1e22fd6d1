import type { Mesh } from "./mesh";
import type { GridBytes } from "./grid-layer";
import { FRAGMENT, VERTEX } from "./shaders";

export interface Program {
  handle: WebGLProgram;
  bytes: WebGLTexture;
  colours: WebGLTexture;
  at(name: string): WebGLUniformLocation | null;
  draw(): void;
  release(): void;
}

function compile(gl: WebGL2RenderingContext, kind: number, source: string): WebGLShader {
  const shader = gl.createShader(kind)!;
  gl.shaderSource(shader, source);
  gl.compileShader(shader);
  if (!gl.getShaderParameter(shader, gl.COMPILE_STATUS) && !gl.isContextLost())
    throw new Error(gl.getShaderInfoLog(shader) ?? "the grid's shader does not compile");
  return shader;
}

function link(gl: WebGL2RenderingContext): WebGLProgram {
  const handle = gl.createProgram();
  gl.attachShader(handle, compile(gl, gl.VERTEX_SHADER, VERTEX));
  gl.attachShader(handle, compile(gl, gl.FRAGMENT_SHADER, FRAGMENT));
  gl.bindAttribLocation(handle, 0, "a_position");
  gl.bindAttribLocation(handle, 1, "a_cell");
  gl.linkProgram(handle);
  return handle;
}

export function buildProgram(gl: WebGL2RenderingContext, mesh: Mesh): Program {
  const handle = link(gl);
  const vertices = gl.createBuffer();
  const indices = gl.createBuffer();
  const array = gl.createVertexArray();
  gl.bindVertexArray(array);
  gl.bindBuffer(gl.ARRAY_BUFFER, vertices);
  gl.bufferData(gl.ARRAY_BUFFER, mesh.vertices, gl.STATIC_DRAW);
  gl.bindBuffer(gl.ELEMENT_ARRAY_BUFFER, indices);
  gl.bufferData(gl.ELEMENT_ARRAY_BUFFER, mesh.indices, gl.STATIC_DRAW);
  gl.enableVertexAttribArray(0);
  gl.vertexAttribPointer(0, 2, gl.FLOAT, false, 16, 0);
  gl.enableVertexAttribArray(1);
  gl.vertexAttribPointer(1, 2, gl.FLOAT, false, 16, 8);
  gl.bindVertexArray(null);
  const places = new Map<string, WebGLUniformLocation | null>();
  const bytes = gl.createTexture();
  const colours = gl.createTexture();
  return {
    handle,
    bytes,
    colours,
    at(name) {
      if (!places.has(name)) places.set(name, gl.getUniformLocation(handle, name));
      return places.get(name) ?? null;
    },
    draw() {
      gl.bindVertexArray(array);
      gl.drawElements(gl.TRIANGLES, mesh.indices.length, gl.UNSIGNED_INT, 0);
      gl.bindVertexArray(null);
    },
    release() {
      gl.deleteProgram(handle);
      gl.deleteVertexArray(array);
      for (const buffer of [vertices, indices]) gl.deleteBuffer(buffer);
      for (const texture of [bytes, colours]) gl.deleteTexture(texture);
    },
  };
}

function nearest(gl: WebGL2RenderingContext, target: number): void {
  for (const side of [gl.TEXTURE_MIN_FILTER, gl.TEXTURE_MAG_FILTER])
    gl.texParameteri(target, side, gl.NEAREST);
  for (const side of [gl.TEXTURE_WRAP_S, gl.TEXTURE_WRAP_T])
    gl.texParameteri(target, side, gl.CLAMP_TO_EDGE);
}

// MapLibre keeps pixel-store state of its own, so each upload sets all that matters to it.
function plainStore(gl: WebGL2RenderingContext): void {
  gl.pixelStorei(gl.UNPACK_ALIGNMENT, 1);
  gl.pixelStorei(gl.UNPACK_FLIP_Y_WEBGL, false);
  gl.pixelStorei(gl.UNPACK_PREMULTIPLY_ALPHA_WEBGL, false);
}

export function uploadBytes(gl: WebGL2RenderingContext, cols: number, rows: number, grid: GridBytes): void {
  plainStore(gl);
  gl.texImage3D(
    gl.TEXTURE_2D_ARRAY, 0, gl.R8UI, cols, rows, grid.steps, 0, gl.RED_INTEGER, gl.UNSIGNED_BYTE, grid.bytes,
  );
  nearest(gl, gl.TEXTURE_2D_ARRAY);
  gl.pixelStorei(gl.UNPACK_ALIGNMENT, 4);
}

export function uploadColours(gl: WebGL2RenderingContext, colours: Uint8Array): void {
  plainStore(gl);
  gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA, 256, 1, 0, gl.RGBA, gl.UNSIGNED_BYTE, colours);
  nearest(gl, gl.TEXTURE_2D);
  gl.pixelStorei(gl.UNPACK_ALIGNMENT, 4);
}

/** The matrix for positions relative to `origin`: M x T(origin), summed in float64 before float32 sees it. */
export function shiftedMatrix(matrix: ArrayLike<number>, [x, y]: [number, number]): Float32Array {
  const out = Float64Array.from(matrix);
  for (let k = 0; k < 4; k++) out[12 + k] = out[k]! * x + out[4 + k]! * y + out[12 + k]!;
  return Float32Array.from(out);
}
