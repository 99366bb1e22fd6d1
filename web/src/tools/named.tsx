import { signal } from "@preact/signals";
import { readFound, readNamedAreas } from "../api";
import type { NamedArea } from "../contract";
import { many, t } from "../language";
import { rectangleAround, writeShape } from "../shape";
import * as s from "../state";
import { picked, pickAll, use } from "./sketch";

const known = signal<NamedArea[] | null>(null);
let knownOf = "";

async function open(): Promise<void> {
  const run = s.manifest.value?.run;
  if (!run || knownOf === run) return;
  knownOf = run;
  known.value = await readNamedAreas(run).catch(() => []);
}

/** Choose a ward, beat, LSOA or own area by its name: no drawing needed. */
export function ByName() {
  const areas = known.value;
  return (
    <details class="area-bounds" onToggle={(event) => event.currentTarget.open && void open()}>
      <summary>{t("Choose a ward, beat, LSOA or own area")}</summary>
      {areas?.length === 0 ? (
        <p>{t("None is held here. Bring areas in with peelian areas import.")}</p>
      ) : (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            const said = String(new FormData(event.currentTarget).get("name")).trim();
            const one = areas?.find((area) => [area.key, label(area), area.name].includes(said));
            if (one) use(`n${one.key}`);
            else s.say(t("No area is called so. Choose one of those offered."));
          }}
        >
          <label>
            {t("Name")}
            <input name="name" class="wide" type="text" list="named-areas" required autoComplete="off" />
          </label>
          <datalist id="named-areas">{areas?.map((area) => <option value={label(area)} />)}</datalist>
          <button type="submit" class="quiet">
            {t("Use this area")}
          </button>
        </form>
      )}
    </details>
  );
}

const label = (area: NamedArea) => `${area.name} (${area.key})`;

/** The squares around a place, a postcode or a grid reference: an area without a pointer. */
export function Around() {
  return (
    <details class="area-bounds">
      <summary>{t("Around a place or grid reference")}</summary>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          const asked = new FormData(event.currentTarget);
          void around(String(asked.get("where")), Number(asked.get("metres")));
        }}
      >
        <label>
          {t("Place, postcode or grid reference")}
          <input name="where" class="wide" type="text" required autoComplete="off" />
        </label>
        <label>
          {t("Metres each way")}
          <input name="metres" type="number" min={125} max={20000} step="any" value={500} required />
        </label>
        <button type="submit" class="quiet">
          {t("Use this area")}
        </button>
      </form>
    </details>
  );
}

async function around(where: string, metres: number): Promise<void> {
  const [run, lattice] = [s.manifest.value?.run, s.lattice.value];
  if (!run || !lattice) return;
  try {
    const first = (await readFound(run, s.level.value, where))[0];
    if (!first) return s.say(t("Nothing found. Try a street, a postcode or a grid reference such as TL 05 49."));
    use(writeShape(rectangleAround(lattice, first.lon, first.lat, metres)));
    s.say(t("Around {place}.", { place: first.label }));
  } catch (fault) {
    s.say((fault as Error).message);
  }
}

/** Take the list as it stands: its places, picked together. */
export function FromList() {
  const rows = s.table.value?.rows ?? [];
  if (rows.length === 0) return null;
  const all = rows.every((row) => picked().includes(row.cell));
  return (
    <button type="button" class="quiet" disabled={all} onClick={() => pickAll(rows.map((row) => row.cell))}>
      {many(rows.length, "Add the {n} place of the list", "Add the {n} places of the list")}
    </button>
  );
}
