import { t } from "../language";
import * as s from "../state";
import { board } from "./current";

const EARTH_M = 40_075_016.686;
const LEAST = 1.2;

/** CSS pixels across a square, in the middle of the view. */
function across(): number | null {
  const [map, lattice] = [board.value, s.lattice.value];
  if (!s.bounds.value || !map || !lattice || s.level.value !== "cell") return null;
  const { lat } = map.map.getCenter();
  return (lattice.metres * 512 * 2 ** map.map.getZoom()) / (EARTH_M * Math.cos((lat * Math.PI) / 180));
}

/** Said where squares are under a pixel: the colours of a very wide force seen whole are not to be read. */
export function TooFar() {
  const wide = across();
  if (wide === null || wide >= LEAST) return null;
  const top = s.table.value?.rows[0]?.cell ?? s.cell.value;
  return (
    <p class="too-far">
      {t("From here a square is smaller than a dot of the screen.")}{" "}
      {top !== null && (
        <button type="button" class="quiet" onClick={() => board.value?.goTo(top, "ease", 12)}>
          {t("Go to the first place of the list")}
        </button>
      )}
    </p>
  );
}
