import { effect } from "@preact/signals";
import { cell, layerId, manifest, narrow, step, view } from "./state";

/** What the address says the page should show. */
export function fromAddress(): { run: string | null; hasCell: boolean } {
  const asked = new URLSearchParams(location.search);
  const whole = (name: string) => {
    const value = asked.get(name);
    return value !== null && /^\d+$/.test(value) ? Number(value) : null;
  };
  layerId.value = asked.get("layer") ?? "expected";
  step.value = whole("step") ?? 0;
  cell.value = whole("cell");
  const asks = asked.get("view");
  view.value = asks === "list" || asks === "map" ? asks : narrow.matches ? "list" : "map";
  return { run: asked.get("run"), hasCell: cell.value !== null };
}

/** Keep the address in step with what is shown, so that a link reproduces the view. */
export function keepAddress(pinned: string | null): void {
  effect(() => {
    if (!manifest.value) return;
    const shown = new URLSearchParams();
    if (pinned) shown.set("run", pinned);
    shown.set("layer", layerId.value);
    shown.set("step", String(step.value));
    if (cell.value !== null) shown.set("cell", String(cell.value));
    shown.set("view", view.value);
    history.replaceState(null, "", `?${shown}${location.hash}`);
  });
}
