import type { CustomLayerInterface, CustomRenderMethodInput, Map as MapLibre } from "maplibre-gl";
import { t } from "../language";
import type { Lattice } from "../lattice";
import { type Mesh, layMesh } from "./mesh";
import { buildProgram, type Program, shiftedMatrix, uploadBytes, uploadColours } from "./gl";

export interface GridBytes {
  bytes: Uint8Array;
  steps: number;
}

/**
 * A lattice drawn as one mesh, one uint8 texture array (a slice a step) and one table of 256 colours.
 * Moving the time slider changes one uniform; nothing is sent to the GPU again.
 */
export class GridLayer implements CustomLayerInterface {
  readonly id = "grid";
  readonly type = "custom" as const;
  readonly renderingMode = "2d" as const;
  readonly mesh: Mesh;
  /** Draws so far with data in place; tests wait for it. */
  drawn = 0;
  private map: MapLibre | null = null;
  private program: Program | null = null;
  private gl: WebGL2RenderingContext | null = null;
  private grid: GridBytes | null = null;
  private colours = new Uint8Array(1024);
  private dirty = { bytes: false, colours: false };
  private at = 0;
  private struck = 0;

  constructor(private readonly lattice: Lattice) {
    this.mesh = layMesh(lattice);
  }

  /** Refuse what this GPU cannot hold, in words, before a black map does. */
  check(steps: number): void {
    const { gl } = this;
    if (!gl) return;
    const side = gl.getParameter(gl.MAX_TEXTURE_SIZE) as number;
    const most = gl.getParameter(gl.MAX_ARRAY_TEXTURE_LAYERS) as number;
    if (Math.max(this.lattice.cols, this.lattice.rows) > side || steps > most)
      throw new Error(
        t("This area is too large to draw here ({side} cells a side, {most} periods). The list holds all.", { side, most }),
      );
  }

  /** Show one layer's bytes with its colours, and the class struck through (0: none). */
  show(grid: GridBytes, colours: Uint8Array<ArrayBuffer>, struck = 0): void {
    this.dirty.bytes ||= grid.bytes !== this.grid?.bytes;
    this.dirty.colours = true;
    this.grid = grid;
    this.colours = colours;
    this.struck = struck;
    this.at = Math.min(this.at, grid.steps - 1);
    this.map?.triggerRepaint();
  }

  /** Send the same layer's bytes to the GPU again: some of them changed. */
  changed(): void {
    this.dirty.bytes = true;
    this.map?.triggerRepaint();
  }

  /** Show another step of the same layer. */
  step(index: number): void {
    this.at = Math.max(0, Math.min(index, (this.grid?.steps ?? 1) - 1));
    this.map?.triggerRepaint();
  }

  onAdd(map: MapLibre, gl: WebGLRenderingContext | WebGL2RenderingContext): void {
    this.map = map;
    this.gl = gl as WebGL2RenderingContext;
    this.program = buildProgram(this.gl, this.mesh);
    this.dirty = { bytes: this.grid !== null, colours: true };
  }

  onRemove(): void {
    this.program?.release();
    this.program = null;
    this.map = null;
    this.gl = null;
  }

  render(_: WebGLRenderingContext | WebGL2RenderingContext, input: CustomRenderMethodInput): void {
    const { gl, program, grid } = this;
    if (!gl || !program || !grid) return;
    const { cols, rows } = this.lattice;
    gl.useProgram(program.handle);
    gl.activeTexture(gl.TEXTURE0);
    gl.bindTexture(gl.TEXTURE_2D_ARRAY, program.bytes);
    if (this.dirty.bytes) uploadBytes(gl, cols, rows, grid);
    gl.activeTexture(gl.TEXTURE1);
    gl.bindTexture(gl.TEXTURE_2D, program.colours);
    if (this.dirty.colours) uploadColours(gl, this.colours);
    this.dirty = { bytes: false, colours: false };
    const matrix = shiftedMatrix(input.defaultProjectionData.mainMatrix, this.mesh.origin);
    gl.uniformMatrix4fv(program.at("u_matrix"), false, matrix);
    gl.uniform1i(program.at("u_bytes"), 0);
    gl.uniform1i(program.at("u_colours"), 1);
    gl.uniform1i(program.at("u_step"), this.at);
    gl.uniform1i(program.at("u_struck"), this.struck);
    gl.uniform2i(program.at("u_size"), cols, rows);
    gl.uniform1f(program.at("u_pixel"), window.devicePixelRatio || 1);
    gl.enable(gl.BLEND);
    gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
    program.draw();
    this.drawn++;
  }
}
