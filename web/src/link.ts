import { effect } from "@preact/signals";
import { asked as askedLevel, cell, layerChosen, layerId, level, manifest, narrow, pinned, step, view } from "./state";

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
    history.replaceState(null, "", `?${shown}${location.hash}`);
  });
}
