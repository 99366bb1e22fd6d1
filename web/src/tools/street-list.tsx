import { choose } from "../choose";
import { many, markOf, t } from "../language";
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
        {t("Days")}{" "}
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
          {found ? `${t("For the chosen place.")} ` : ""}
          <button type="button" class="quiet" onClick={goNearer}>
            {t("Go nearer on the map")}
          </button>
        </p>
      )}
      {trouble.value && <p class="fault" lang={markOf(trouble.value)}>{trouble.value}</p>}
      {!found && !trouble.value && <p>{t("Opening the list.")}</p>}
      {found && (
        <>
          <p class="street-total" data-total={found.total ?? ""}>
            {found.total === null
              ? ""
              : many(found.points, "{total} recorded, {days}, at {n} point.", "{total} recorded, {days}, at {n} points.", {
                  total: count(found.total), days: found.days,
                })}
            {found.left_out ? ` ${many(found.left_out, "{n} more has no point.", "{n} more have no point.")}` : ""}
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
          {found.features.length > MOST && (
            <p class="note">
              {t("The first {most} of {points}; go nearer for fewer.", { most: MOST, points: count(found.points) })}
            </p>
          )}
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
