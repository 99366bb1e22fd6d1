import { choose } from "../choose";
import * as s from "../state";
import { count } from "../words";
import { counts, goNearer, ofPlace, PERIODS, trouble } from "./streets";

const MOST = 60;

/** What was recorded on or near each street, most first: the same as the circles on the map. */
export function StreetList() {
  const found = counts.value;
  return (
    <>
      <label class="plan-choice">
        Days{" "}
        <select
          id="street-period" value={s.streetPeriod.value}
          onChange={(event) => (s.streetPeriod.value = event.currentTarget.value as s.StreetPeriod)}
        >
          {PERIODS.map(([id, words]) => (
            <option value={id}>{words}</option>
          ))}
        </select>
      </label>
      {ofPlace.value && (
        <p>
          {found ? "For the chosen place. " : ""}
          <button type="button" class="quiet" onClick={goNearer}>
            Go nearer on the map
          </button>
        </p>
      )}
      {trouble.value && <p class="fault">{trouble.value}</p>}
      {!found && !trouble.value && <p>Opening the list.</p>}
      {found && (
        <>
          <p class="street-total" data-total={found.total ?? ""}>
            {found.total === null ? "" : `${count(found.total)} recorded, ${found.days}, at ${count(found.points)} points.`}
            {found.left_out ? ` ${count(found.left_out)} more have no point.` : ""}
          </p>
          <ul class="over-list" data-over="streets">
            {found.features.slice(0, MOST).map((one) => {
              const p = one.properties ?? {};
              return (
                <li data-count={p.count}>
                  <button type="button" class="quiet" onClick={() => show(Number(p.cell))}>
                    {p.place}
                  </button>
                  <b>{p.shown}</b>
                </li>
              );
            })}
          </ul>
          {found.features.length > MOST && <p class="note">The first {MOST} of {count(found.points)}; go nearer for fewer.</p>}
          {found.notes.map((words) => (
            <p class="note">{words}</p>
          ))}
        </>
      )}
    </>
  );
}

function show(cell: number): void {
  if (s.level.value === "cell") choose(cell, { from: "list" });
}
