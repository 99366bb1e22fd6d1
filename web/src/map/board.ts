import { type GeoJSONSource, Map as MapLibre, prewarm, ScaleControl, setWorkerUrl } from "maplibre-gl";
import workerUrl from "maplibre-gl/dist/maplibre-gl-worker.mjs?url";
import type { Geometry, MultiPolygon, Polygon } from "geojson";
import type { LayerSpec } from "../contract";
import { readBounds, readScene } from "../api";
import { layerBytes } from "../layer-bytes";
import type { Lattice, LngLat } from "../lattice";
import * as live from "../live/state";
import { t } from "../language";
import { calm } from "../state";
import { AreaLayer } from "./area-layer";
import { GridLayer } from "./grid-layer";
import { drawnAt } from "./mesh";
import { struckClass, tableOf } from "./palette";
import { ABOVE_GRID, baseStyle } from "./style";

setWorkerUrl(new URL(workerUrl, document.baseURI).href);
prewarm(); // the workers start while the page still waits for the run

/** Room the map leaves clear, in CSS pixels (the place card lies over its right side on wide screens). */
export type Clear = { top: number; bottom: number; left: number; right: number };

/** The map of one run: draws layers, shows the chosen cell, says which cell is where. */
export class Board {
  readonly map: MapLibre;
  readonly grid: GridLayer;
  private bytes: Uint8Array | null = null;
  private shown: LayerSpec | null = null;
  private turn = 0;
  private areas: AreaLayer | null = null;
  readonly ready: Promise<void>;

  constructor(
    private readonly host: HTMLElement,
    readonly lattice: Lattice,
    readonly run: string,
    private readonly box: [number, number, number, number],
    private readonly clear: () => Clear,
    private readonly boundsUrl: string | null = null,
    title = t("Map of the forecast. Press question mark for keys."),
  ) {
    this.mark("loading");
    this.map = new MapLibre({
      container: host,
      style: baseStyle(),
      bounds: box,
      fitBoundsOptions: { padding: 24 },
      maxZoom: 16,
      minZoom: 5,
      maxPitch: 0,
      dragRotate: false,
      pitchWithRotate: false,
      renderWorldCopies: false,
      attributionControl: false,
      fadeDuration: 0,
      reduceMotion: calm.matches,
      locale: { "Map.Title": title },
      canvasContextAttributes: { antialias: false }, // lines and cells smooth their own edges
    });
    this.map.touchZoomRotate.disableRotation();
    this.map.keyboard.disableRotation();
    this.map.addControl(new ScaleControl({ maxWidth: 110 }), "bottom-right");
    this.grid = new GridLayer(lattice);
    this.map.on("idle", () => this.bytes && this.mark("idle"));
    this.map.on("movestart", () => this.mark("moving"));
    const styled = new Promise<unknown>((done) => this.map.once("style.load", done));
    this.ready = this.lay(styled);
    readScene(run).then(
      (scene) =>
        this.ready.then(() => {
          this.source("scene").setData(scene);
          // Blue around the area means sea; where no boundary is held, nothing is known to be sea.
          const bounded = scene.features.some((one) => one.properties?.kind === "boundary");
          if (!bounded) this.map.setPaintProperty("sea", "background-color", "#f3f2ee");
        }),
      () => undefined, // A run without a scene has a bare map.
    );
  }

  /** Lay the grid, or the places of the view where it is of larger ones. */
  private async lay(styled: Promise<unknown>): Promise<void> {
    const [scene] = await Promise.all([this.boundsUrl === null ? null : readBounds(this.boundsUrl), styled]);
    if (scene) this.areas = new AreaLayer(this.map, scene);
    else this.map.addLayer(this.grid, ABOVE_GRID);
  }

  private mark(state: "loading" | "moving" | "drawing" | "idle"): void {
    this.host.dataset.mapState = state;
  }

  private source(id: string): GeoJSONSource {
    return this.map.getSource(id) as GeoJSONSource;
  }

  private read(layer: LayerSpec): Promise<Uint8Array> {
    if (layer.id === "live") return Promise.resolve(live.box); // held already, and patched in place
    return layerBytes(layer.url);
  }

  async showLayer(layer: LayerSpec, step: number): Promise<void> {
    const turn = ++this.turn;
    const read = await this.read(layer);
    await this.ready;
    if (turn !== this.turn) return; // another was asked for meanwhile: the last asked is the one shown
    const bytes = layer.id === "live" ? live.box : read; // read anew while this waited
    this.shown = layer;
    this.host.dataset.layer = layer.id;
    if (this.areas) {
      this.bytes = bytes;
      this.showStep(step);
      return;
    }
    const slice = this.lattice.cols * this.lattice.rows;
    if (bytes.length < slice || bytes.length % slice !== 0)
      throw new Error(`Layer ${layer.id} holds ${bytes.length} bytes, not a multiple of ${slice}.`);
    this.grid.check(bytes.length / slice);
    this.bytes = bytes;
    this.mark("drawing");
    this.grid.show({ bytes, steps: bytes.length / slice }, tableOf(layer), struckClass(layer));
    this.grid.step(step);
  }

  /** Draw the live layer's bytes again: they were patched in place, or read anew. */
  showChange(): void {
    if (this.shown?.id !== "live" || this.areas) return;
    if (this.bytes !== live.box) return void this.showLayer(this.shown, 0);
    this.grid.changed();
  }

  showStep(step: number): void {
    if (!this.bytes) return;
    this.mark("drawing");
    if (this.areas && this.shown) this.areas.show(this.shown, this.bytes, Math.min(step, this.shown.steps - 1));
    else this.grid.step(step);
  }

  /** The byte of a cell in the layer on show: 0 outside, 1 to 7 not known. */
  byteOf(cell: number, step: number): number {
    if (this.areas) return this.bytes?.[Math.min(step, (this.shown?.steps ?? 1) - 1) * this.areas.places + cell] ?? 0;
    const at = this.lattice.box(cell);
    if (!at || !this.bytes) return 0;
    const slice = this.lattice.cols * this.lattice.rows;
    const k = Math.min(step, this.bytes.length / slice - 1);
    return this.bytes[k * slice + at[1] * this.lattice.cols + at[0]] ?? 0;
  }

  async outline(source: "chosen" | "hovered", cell: number | null): Promise<void> {
    await this.ready;
    const geometry = cell === null ? null : this.shapeOf(cell);
    this.source(source).setData(
      geometry ? { type: "Feature", properties: {}, geometry } as never : { type: "FeatureCollection", features: [] },
    );
  }

  /** The outline of a place of the view, or of a square where `squares` asks for one. */
  shapeOf(cell: number, squares = false): Polygon | MultiPolygon | null {
    if (this.areas && !squares) return this.areas.areas.outline(cell);
    const ring = this.lattice.outline(cell);
    return ring && { type: "Polygon", coordinates: [ring] };
  }

  /** Where a place is; a neighbourhood's is known once its bounds have come. */
  centreOf(cell: number): LngLat | null {
    return this.areas ? this.areas.areas.centre(cell) : this.boundsUrl === null ? this.lattice.centre(cell) : null;
  }

  /** The place next to another: east and north are 1, 0 or -1. */
  nextTo(cell: number, east: number, north: number): number | null {
    if (this.areas) return this.areas.areas.neighbour(cell, east, north);
    const at = this.lattice.box(cell);
    return at && this.lattice.id(at[0] + east, at[1] + north);
  }

  placeAt(lng: number, lat: number): number | null {
    return this.areas ? this.areas.areas.cellAt(lng, lat) : this.lattice.cellAt(lng, lat);
  }

  /** Bring a cell to the middle of what is clear, near enough to see its squares. */
  goTo(cell: number, how: "jump" | "ease", zoom = Math.max(this.near(cell), this.map.getZoom())): void {
    const centre = this.centreOf(cell);
    if (!centre) return;
    const { left, right, top, bottom } = this.clear();
    const offset: [number, number] = [(left - right) / 2, (top - bottom) / 2];
    const animate = how === "ease" && !calm.matches;
    this.map.easeTo({ center: centre, zoom, offset, duration: animate ? 450 : 0, animate });
  }

  /** Look at a point from near by. */
  lookAt(lng: number, lat: number): void {
    const { left, right, top, bottom } = this.clear();
    const offset: [number, number] = [(left - right) / 2, (top - bottom) / 2];
    const animate = !calm.matches;
    this.map.easeTo({ center: [lng, lat], zoom: Math.max(13, this.map.getZoom()), offset, duration: animate ? 450 : 0, animate });
  }

  /** Look at the whole of a shape. */
  lookAtShape(shape: Geometry): void {
    const all = JSON.stringify(shape).match(/-?[\d.]+(e-?\d+)?/g)?.map(Number) ?? [];
    const [xs, ys] = [all.filter((_, k) => k % 2 === 0), all.filter((_, k) => k % 2 === 1)];
    if (xs.length === 0) return;
    const box: [number, number, number, number] = [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
    const { left, right } = this.clear();
    const fits = this.host.clientWidth - left - right > 320;
    const padding = { top: 60, bottom: 60, left: fits ? left + 60 : 60, right: fits ? right + 60 : 60 };
    this.map.fitBounds(box, { padding, maxZoom: 13, animate: !calm.matches, duration: 450 });
  }

  /** The zoom at which a place is seen well: neighbourhoods fill about a quarter of the map. */
  private near(cell: number): number {
    const across = this.areas?.areas.across(cell);
    return across ? Math.min(12, Math.log2((360 * this.wide) / (512 * 4 * across))) : 12;
  }

  /** Width of the map, in CSS pixels. */
  get wide(): number {
    return this.host.clientWidth;
  }

  /** Whether a cell's centre lies in the clear part of the map. */
  sees(cell: number): boolean {
    const at = this.cellCentre(cell);
    if (!at) return false;
    const { clientWidth, clientHeight } = this.host;
    const { left, right, top, bottom } = this.clear();
    return at[0] > left + 20 && at[1] > top + 20 && at[0] < clientWidth - right - 20 && at[1] < clientHeight - bottom - 20;
  }

  whole(): void {
    const { left, right, top, bottom } = this.clear();
    const padding = { left: left + 16, right: right + 16, top: top + 16, bottom: bottom + 16 };
    // Padding that leaves no room would be refused: then the area lies under what is over the map.
    const fits = this.host.clientWidth - padding.left - padding.right > 160;
    this.map.fitBounds(this.box, { padding: fits ? padding : 16, animate: !calm.matches, duration: 450 });
  }

  /** The drawn centre of a cell, in CSS pixels of the map's box: from the same mesh as the GPU draws. */
  cellCentre(cell: number): [number, number] | null {
    if (this.boundsUrl !== null) {
      const centre = this.centreOf(cell);
      const seen = centre && this.map.project(centre);
      return seen && [seen.x, seen.y];
    }
    const at = this.lattice.box(cell);
    if (!at) return null;
    const point = this.map.project(drawnAt(this.grid.mesh, at[0] + 0.5, at[1] + 0.5));
    return [point.x, point.y];
  }

  cellAtPoint(x: number, y: number): number | null {
    const { lng, lat } = this.map.unproject([x, y]);
    return this.placeAt(lng, lat);
  }

  /** West, south, east, north of the view. */
  view(): [number, number, number, number] {
    const seen = this.map.getBounds();
    return [seen.getWest(), seen.getSouth(), seen.getEast(), seen.getNorth()];
  }

  remove(): void {
    this.map.remove();
  }
}
