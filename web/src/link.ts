import { effect } from "@preact/signals";
import * as s from "./state";
import { asked as askedLevel, cell, layerChosen, layerId, level, manifest, narrow, pinned, step, view } from "./state";

const OVERLAYS: readonly s.Overlay[] = ["warnings", "interventions", "plan", "streets"];

/** What the address says the page should show. */
export function fromAddress(): { hasCell: boolean } {
  const asked = new URLSearchParams(location.search);
  const whole = (name: string) => {
    const value = asked.get(name);
    return value !== null && /^\d+$/.test(value) ? Number(value) : null;
  };
  layerId.value = asked.get("layer") ?? "expected";
  layerChosen.value = asked.has("layer");
  step.value = whole("step") ?? 0;
  askedLevel.value = asked.get("level");
  cell.value = whole("cell");
  const asks = asked.get("view");
  view.value = asks === "list" || asks === "map" ? asks : narrow.matches ? "list" : "map";
  pinned.value = asked.get("run");
  const over = (asked.get("over") ?? "").split(",");
  s.overlays.value = OVERLAYS.filter((one) => over.includes(one));
  s.planId.value = asked.get("plan");
  const days = asked.get("days");
  if (days === "recent" || days === "before") s.streetPeriod.value = days;
  s.shape.value = asked.get("area");
  s.safe.value = asked.get("colours") === "safe";
  const other = asked.get("with");
  if (other) s.beside.value = { layer: other, step: whole("with_step") ?? step.value };
  s.abreast.value = asked.has("abreast");
  if (s.shape.value) s.toolOpen.value = "area";
  else if (other) s.toolOpen.value = "compare";
  if (s.toolOpen.value) s.cardOpen.value = false;
  else if (s.overlays.value.length > 0) s.toolOpen.value = "over";
  return { hasCell: cell.value !== null };
}

/** Keep the address in step with what is shown, so that a link reproduces the view. */
export function keepAddress(): void {
  effect(() => {
    if (!manifest.value) return;
    const shown = new URLSearchParams();
    if (pinned.value) shown.set("run", pinned.value);
    shown.set("layer", layerId.value);
    shown.set("step", String(step.value));
    if (askedLevel.value !== null || level.value !== "cell") shown.set("level", level.value);
    if (cell.value !== null) shown.set("cell", String(cell.value));
    shown.set("view", view.value);
    if (s.overlays.value.length > 0) shown.set("over", s.overlays.value.join(","));
    if (s.planId.value && s.overlays.value.includes("plan")) shown.set("plan", s.planId.value);
    if (s.streetPeriod.value !== "year" && s.overlays.value.includes("streets")) shown.set("days", s.streetPeriod.value);
    if (s.shape.value) shown.set("area", s.shape.value);
    if (s.safe.value) shown.set("colours", "safe");
    if (s.beside.value) {
      shown.set("with", s.beside.value.layer);
      shown.set("with_step", String(s.beside.value.step));
      if (s.abreast.value) shown.set("abreast", "1");
    }
    history.replaceState(null, "", `?${shown}${location.hash}`);
  });
}
