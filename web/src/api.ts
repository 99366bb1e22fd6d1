import type { FeatureCollection } from "geojson";
import { fromServer, inLanguage, t } from "./language";
import { away } from "./state";
import type { Choice, Drawn, Found, Job, Manifest, NamedArea, Place, Table } from "./contract";

const BASE = new URL("api/v1/", document.baseURI);

/** A request the server answered with something other than success. */
export class Answered extends Error {
  readonly status: number;
  constructor(status: number, words: string) {
    super(words);
    this.status = status;
  }
}

/** Resolve an address from the manifest, which may be absolute or relative to the API. */
export function address(path: string): URL {
  return path.startsWith("/") ? new URL(path, document.baseURI) : new URL(path, BASE);
}

/** Ask, and note whether the server answers at all. */
async function reached(path: string, signal?: AbortSignal): Promise<Response> {
  try {
    const answer = await fetch(inLanguage(address(path)), { signal, headers: { accept: "application/json, */*" } });
    away.value = false;
    return answer;
  } catch (fault) {
    if ((fault as Error).name === "AbortError") throw fault;
    away.value = true;
    throw new Error(t("The server does not answer."));
  }
}

async function get(path: string, signal?: AbortSignal): Promise<Response> {
  const answer = await reached(path, signal);
  if (answer.ok) return answer;
  let words = t("The server answered {status}.", { status: answer.status });
  try {
    const body = (await answer.json()) as { message?: string; detail?: unknown };
    if (typeof body.message === "string") words = fromServer(body.message);
    else if (typeof body.detail === "string") words = fromServer(body.detail);
  } catch {
    // The status is all there is to say.
  }
  throw new Answered(answer.status, words);
}

async function json<T>(path: string, signal?: AbortSignal): Promise<T> {
  return (await (await get(path, signal)).json()) as T;
}

const run = (id: string) => `runs/${encodeURIComponent(id)}`;

export const readManifest = (id: string | null, level: string | null) =>
  json<Manifest>(`${id ? run(id) : "runs/latest"}${level ? `?level=${encodeURIComponent(level)}` : ""}`);

export const readBounds = (url: string) => json<FeatureCollection>(url);

export async function readChoices(area: string): Promise<Choice[]> {
  return (await json<{ runs: Choice[] }>(`runs?area=${encodeURIComponent(area)}`)).runs;
}

export const readScene = (id: string) => json<FeatureCollection>(`${run(id)}/scene.geojson`);

export const readEvaluation = (id: string) => json<unknown>(`${run(id)}/evaluation`);

export const readPlace = (id: string, level: string, cell: number, step: number, signal?: AbortSignal) =>
  json<Place>(`${run(id)}/places/${cell}?step=${step}&level=${level}`, signal);

export const readDrawn = (id: string, level: string, shape: string, step: number, signal?: AbortSignal) =>
  json<Drawn>(`${run(id)}/drawn?shape=${encodeURIComponent(shape)}&step=${step}&level=${level}`, signal);

export async function readFound(id: string, level: string, words: string, signal?: AbortSignal): Promise<Found[]> {
  const asked = new URLSearchParams({ q: words, run: id, level });
  return (await json<{ found: Found[] }>(`search?${asked}`, signal)).found;
}

export const readShapes = <T extends FeatureCollection>(path: string, signal?: AbortSignal) => json<T>(path, signal);

export const readNamedAreas = async (id: string): Promise<NamedArea[]> =>
  (await json<{ areas: NamedArea[] }>(`${run(id)}/areas`)).areas;

export const readBasemap = () => json<Basemap>("basemap");

export interface Basemap {
  kind: "none" | "scene" | "pmtiles" | "mbtiles" | "style" | "os";
  url: string | null;
  attribution: string;
  layers?: string[];
  minzoom?: number;
  maxzoom?: number;
}

export async function readLayer(url: string): Promise<Uint8Array> {
  return new Uint8Array(await (await get(url)).arrayBuffer());
}

export interface TableQuery {
  level: string;
  step: number;
  limit: number;
  bbox?: readonly number[] | null;
  sort?: string;
}

export const tablePath = (id: string, query: TableQuery, format?: "csv") => {
  const parts = new URLSearchParams({ step: String(query.step), limit: String(query.limit), sort: query.sort ?? "mean" });
  parts.set("level", query.level);
  if (query.bbox) parts.set("bbox", query.bbox.map((x) => x.toFixed(6)).join(","));
  if (format) parts.set("format", format);
  return `${run(id)}/table?${parts}`;
};

export const readTable = (id: string, query: TableQuery, signal?: AbortSignal) =>
  json<Table>(tablePath(id, query), signal);

export async function readJobs(): Promise<Job[]> {
  const body = await json<Job[] | { jobs: Job[] }>("jobs");
  return Array.isArray(body) ? body : (body.jobs ?? []);
}
