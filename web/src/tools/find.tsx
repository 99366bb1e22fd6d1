import { signal } from "@preact/signals";
import { readFound } from "../api";
import { choose } from "../choose";
import { many, t } from "../language";
import type { Found } from "../contract";
import { board } from "../map/current";
import * as s from "../state";

const found = signal<Found[] | null>(null);
const active = signal(-1);
let asking: AbortController | null = null;
let waiting = 0;

async function look(words: string): Promise<void> {
  asking?.abort();
  const run = s.manifest.value?.run;
  if (!run || words.trim().length < 2) {
    found.value = null;
    return;
  }
  asking = new AbortController();
  try {
    const all = await readFound(run, s.level.value, words, asking.signal);
    found.value = all;
    active.value = all.length > 0 ? 0 : -1;
    s.say(all.length === 0 ? t("Nothing found.") : firstOf(all));
  } catch (fault) {
    if ((fault as Error).name !== "AbortError") s.say(t("The search did not answer."));
  }
}

const firstOf = (all: Found[]) =>
  many(all.length, "{n} found. The first: {place}, {kind}.", "{n} found. The first: {place}, {kind}.", {
    place: all[0]!.label, kind: all[0]!.kind,
  });

function go(one: Found): void {
  found.value = null;
  if (one.cell !== null && one.cell !== undefined) return choose(one.cell, { from: "list", focus: s.narrow.matches });
  const map = board.value;
  const cell = map?.placeAt(one.lon, one.lat) ?? null;
  map?.lookAt(one.lon, one.lat);
  if (cell !== null && map && map.byteOf(cell, s.step.value) > 0) choose(cell, { from: "map" });
  else s.say(t("{place}: outside the area of this forecast.", { place: one.label }));
}

function keys(event: KeyboardEvent): void {
  const all = found.value ?? [];
  if (event.key === "Escape") found.value = null;
  else if (event.key === "Enter") {
    const one = all[active.value];
    if (one) go(one);
  } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && all.length > 0) {
    const by = event.key === "ArrowDown" ? 1 : all.length - 1;
    active.value = (active.value + by) % all.length;
    const one = all[active.value]!;
    s.say(`${one.label}, ${one.kind}`);
  } else return;
  event.preventDefault();
}

/** Find a place by name, postcode or grid reference, from files held here. */
export function Find() {
  const all = found.value;
  return (
    <div class="find">
      <label class="unseen" for="find">
        {t("Find a place: a name, a postcode or a grid reference")}
      </label>
      <input
        id="find" type="text" role="combobox" list={undefined} autoComplete="off"
        placeholder={t("Place, postcode, grid ref")}
        aria-expanded={all !== null} aria-controls="found" aria-autocomplete="list"
        aria-activedescendant={all && active.value >= 0 ? `found-${active.value}` : undefined}
        onInput={(event) => {
          const words = event.currentTarget.value;
          clearTimeout(waiting);
          waiting = window.setTimeout(() => void look(words), 160);
        }}
        onKeyDown={keys}
        onBlur={() => setTimeout(() => (found.value = null), 150)}
      />
      <ul id="found" class="found" role="listbox" aria-label={t("Places found")} hidden={all === null}>
        {all?.map((one, k) => (
          <li
            id={`found-${k}`} role="option" aria-selected={k === active.value}
            onMouseDown={(event) => (event.preventDefault(), go(one))}
          >
            {one.label} <span>{one.kind}</span>
          </li>
        ))}
        {all?.length === 0 && (
          <li role="option" aria-selected={false} aria-disabled="true">
            {t("Nothing found in the files held here")}
          </li>
        )}
      </ul>
    </div>
  );
}
