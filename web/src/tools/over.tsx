import { effect, signal } from "@preact/signals";
import type { Feature, FeatureCollection } from "geojson";
import { readShapes } from "../api";
import { choose } from "../choose";
import { english, t, welsh } from "../language";
import { board } from "../map/current";
import { layMarks, liftMarks } from "../map/marks";
import * as s from "../state";
import { capital } from "../words";
import { StreetList } from "./street-list";
import { followStreets } from "./streets";

interface Shapes extends FeatureCollection {
  left_out?: number;
  plan?: string | null;
  state?: string | null;
  plans?: { id: string; start: string; state: string }[];
}

const KINDS: [s.Overlay, string, string][] = [
  ["warnings", t("Early warnings"), t("dashed red outlines")],
  ["interventions", t("Interventions recorded"), t("dotted green outlines")],
  ["plan", t("A plan's visits"), t("solid blue outlines")],
  ["streets", t("Recorded on or near each street"), t("dark circles, larger for more")],
];

/** Those drawn as outlines: counts on or near streets are points, and follow the view. */
type Outlined = Exclude<s.Overlay, "streets">;
const isOutlined = (kind: s.Overlay): kind is Outlined => kind !== "streets";

const LOOKS = {
  warnings: { colour: "#a80f2d", dash: [3, 1.6], width: 2.4, label: true },
  interventions: { colour: "#0b5d3b", dash: [0.8, 1.4], width: 3, label: true },
  plan: { colour: "#123f9c", width: 2.4, label: true },
} as const;

const held = signal<Partial<Record<Outlined, Shapes>>>({});

function path(kind: Outlined, run: string, area: string): string {
  if (kind === "warnings") return `warnings.geojson?area=${encodeURIComponent(area)}`;
  const plan = kind === "plan" && s.planId.value ? `?plan=${encodeURIComponent(s.planId.value)}` : "";
  return `runs/${encodeURIComponent(run)}/${kind}.geojson${plan}`;
}

/** What a list says of one: its name, and what of it. */
function said(kind: Outlined, one: Feature): [string, string] {
  const p = one.properties ?? {};
  if (kind === "warnings") return [capital(String(p.where ?? "")), String(p.sentence ?? "")];
  return [String(p.label ?? ""), String(p.words ?? "")];
}

let following = false;
/** Draw what is chosen, on the map of the moment, for as long as the page lives. */
export function followOverlays(): void {
  if (following) return;
  following = true;
  followStreets();
  effect(() => {
    const run = s.manifest.value;
    s.planId.value;
    if (!run) return;
    const area = typeof run.area === "string" ? run.area : (run.area.code ?? "");
    for (const kind of s.overlays.value.filter(isOutlined))
      void readShapes<Shapes>(path(kind, run.run, area)).then(
        (shapes) => {
          const drawn = { ...shapes, features: shapes.features.map((one) => named(kind, one)) };
          held.value = { ...held.value, [kind]: drawn };
        },
        (fault: Error) => s.say(fault.message),
      );
  });
  effect(() => {
    const map = board.value;
    if (!map) return;
    for (const kind of KINDS.map(([id]) => id).filter(isOutlined)) {
      const shapes = held.value[kind];
      if (s.overlays.value.includes(kind) && shapes) {
        const drawn = { ...shapes, features: shapes.features.filter((one) => one.geometry) };
        void layMarks(map, `over-${kind}`, LOOKS[kind], drawn);
      } else void map.ready.then(() => liftMarks(map, `over-${kind}`));
    }
  });
}

/** Warnings are labelled on the map by what they are of. */
const named = (kind: Outlined, one: Feature): Feature =>
  kind === "warnings" ? { ...one, properties: { ...one.properties, label: t("Warning: {where}", { where: String(one.properties?.where) }) } } : one;

function toggle(kind: s.Overlay, on: boolean): void {
  const rest = s.overlays.value.filter((one) => one !== kind);
  s.overlays.value = on ? [...rest, kind] : rest;
}

function show(one: Feature): void {
  const cell = one.properties?.cell as number | null | undefined;
  if (s.level.value === "cell" && typeof cell === "number") return choose(cell, { from: "list" });
  if (one.geometry) board.value?.lookAtShape(one.geometry);
}

function List({ kind }: { kind: Outlined }) {
  const shapes = held.value[kind];
  if (!shapes) return <p>{t("Opening the list.")}</p>;
  const undrawn = shapes.features.filter((one) => !one.geometry).length;
  return (
    <>
      {kind === "plan" && (shapes.plans?.length ?? 0) > 1 && (
        <label class="plan-choice">
          {t("Plan")}{" "}
          <select value={shapes.plan ?? ""} onChange={(event) => (s.planId.value = event.currentTarget.value)}>
            {shapes.plans!.map((one) => (
              <option value={one.id}>
                {one.start}, {one.state} ({one.id.slice(-6)})
              </option>
            ))}
          </select>
        </label>
      )}
      {shapes.features.length === 0 && <p>{t("None here.")}</p>}
      <ul class="over-list" data-over={kind} lang={kind === "warnings" ? english : undefined}>
        {shapes.features.map((one) => {
          const [name, words] = said(kind, one);
          return (
            <li>
              {one.geometry ? (
                <button type="button" class="quiet" onClick={() => show(one)}>
                  {name}
                </button>
              ) : (
                <strong>{name}</strong>
              )}
              <span>{words}</span>
              <a href={String(one.properties?.link ?? "/")} lang={welsh ? "cy" : undefined}>
                {t("Open")}<span class="unseen"> {name}</span>
              </a>
            </li>
          );
        })}
      </ul>
      {undrawn > 0 && (
        <p class="note">
          {t("{n} of these must not be, or cannot be, drawn at a place; they are in the list alone.", { n: undrawn })}
        </p>
      )}
      {(shapes.left_out ?? 0) > 0 && (
        <p class="note">{t("Left out: {n} of powers that are recorded and evaluated only.", { n: shapes.left_out ?? 0 })}</p>
      )}
    </>
  );
}

/** What lies over the map, with the same as lists. */
export function OverTool() {
  followOverlays();
  return (
    <div class="over">
      <h2>{t("Lay over the map")}</h2>
      {KINDS.map(([kind, title, look]) => {
        const on = s.overlays.value.includes(kind);
        return (
          <section>
            <label class="check">
              <input
                type="checkbox" name="over" value={kind} checked={on}
                onChange={(event) => toggle(kind, event.currentTarget.checked)}
              />
              <span>
                <i class={`over-key ${kind}`} aria-hidden="true" /> {title} <small>{look}</small>
              </span>
            </label>
            {on && (isOutlined(kind) ? <List kind={kind} /> : <StreetList />)}
          </section>
        );
      })}
    </div>
  );
}
