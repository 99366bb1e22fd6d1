import { signal } from "@preact/signals";
import { t } from "../language";
import * as s from "../state";
import { board } from "./current";
import { named } from "../words";
import { showsCertainty } from "./palette";

interface Under {
  x: number;
  y: number;
  cell: number;
  byte: number;
}

/** The cell under the pointer; null off the area. */
export const under = signal<Under | null>(null);

/** Say what a byte of the layer on show means. */
export function byteWords(byte: number): string {
  const layer = s.layer.value;
  if (!layer || byte === 0) return t("outside the area");
  if (byte < 8) return t("no data held");
  const label = layer.labels[(byte >> 3) - 1] ?? "";
  const sure = showsCertainty(layer) ? s.manifest.value?.certainty.labels[byte & 7] : undefined;
  return [label, sure].filter(Boolean).join(" · ");
}

/** A readout beside the pointer; the same is in the list and panel for those who use neither. */
export function Tip() {
  const at = under.value;
  if (!at) return null;
  const row = s.table.value?.rows.find((one) => one.cell === at.cell);
  const left = at.x > (board.value?.wide ?? 600) - 275;
  return (
    <div
      class="tip" aria-hidden="true"
      style={{ transform: `translate(${at.x + (left ? -14 : 14)}px, ${at.y + 14}px) translateX(${left ? "-100%" : "0"})` }}
    >
      {row && <b>{named(row.name)[0]}</b>}
      {s.layer.value?.title}: {byteWords(at.byte)}
    </div>
  );
}
