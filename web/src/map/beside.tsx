import { effect, untracked } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { choose } from "../choose";
import { t } from "../language";
import * as s from "../state";
import { Board } from "./board";
import { board as current, tool } from "./current";

/** Keep two maps on the same place, whichever is moved. */
function tie(one: Board, two: Board): () => void {
  let busy = false;
  const follow = (from: Board, to: Board) => () => {
    if (busy) return;
    busy = true;
    to.map.jumpTo({ center: from.map.getCenter(), zoom: from.map.getZoom() });
    busy = false;
  };
  const [there, back] = [follow(one, two), follow(two, one)];
  one.map.on("move", there);
  two.map.on("move", back);
  there();
  return () => one.map.off("move", there);
}

function build(host: HTMLElement): (() => void) | undefined {
  const first = current.value;
  const { manifest, lattice } = s;
  if (!first || !manifest.value || !lattice.value) return undefined;
  const { run, bounds, views } = manifest.value;
  const url = views?.find((one) => one.id === s.level.value)?.bounds_url ?? null;
  const none = () => ({ top: 0, bottom: 0, left: 0, right: 0 });
  const second = new Board(host, lattice.value, run, bounds, none, url, t("The map it is compared with"));
  const untie = tie(first, second);
  second.map.on("click", ({ lngLat, point }) => {
    if (tool.value) return tool.value.at(lngLat.lng, lngLat.lat);
    const cell = second.cellAtPoint(point.x, point.y);
    if (cell !== null && second.byteOf(cell, s.beside.value?.step ?? 0) > 0) choose(cell, { from: "map" });
  });
  const off = [
    effect(() => {
      const asked = s.beside.value;
      s.safe.value;
      const layer = s.manifest.value?.layers.find((one) => one.id === asked?.layer);
      if (asked && layer)
        void second.showLayer(layer, asked.step).then(() => second.showStep(untracked(() => s.beside.value?.step ?? 0)));
    }),
    effect(() => void second.outline("chosen", s.cell.value)),
  ];
  return () => {
    untie();
    off.forEach((stop) => stop());
    second.remove();
  };
}

const label = (layer: string | undefined, step: number) => `${layer ?? ""}, ${s.steps.value[step]?.label ?? ""}`;

/** The second map: over the first, cut at the swipe, or beside it. */
export function Beside() {
  const host = useRef<HTMLDivElement>(null);
  const asked = s.beside.value!;
  const first = current.value;
  const theirs = s.manifest.value?.layers.find((one) => one.id === asked.layer);
  useEffect(() => (host.current ? build(host.current) : undefined), [first]);
  const cut = s.swipe.value;
  return (
    <>
      <div
        class={`map second ${s.abreast.value ? "" : "cut"}`} ref={host} data-map-state="loading" id="map-beside"
        style={s.abreast.value ? {} : { clipPath: `inset(0 0 0 ${cut}%)` }}
      />
      {!s.abreast.value && <i class="swipe-line" style={{ left: `${cut}%` }} aria-hidden="true" />}
      <p class="compare-label left">{label(s.layer.value?.title, s.step.value)}</p>
      <p class="compare-label right">{label(theirs?.title, asked.step)}</p>
      {!s.abreast.value && (
        <input
          type="range" class="swipe" id="swipe" min={0} max={100} step={1} value={cut}
          aria-label={t("Where the two maps part")} aria-valuetext={t("{n} per cent from the left", { n: cut })}
          onInput={(event) => (s.swipe.value = Number(event.currentTarget.value))}
        />
      )}
    </>
  );
}
