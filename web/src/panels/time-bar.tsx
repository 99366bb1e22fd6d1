import { effect, signal } from "@preact/signals";
import { t } from "../language";
import { changeRun } from "../load";
import * as s from "../state";
import { byEvery, capital, onePeriod } from "../words";
import { nearest, type Stride, strides, strideTo } from "../strides";

const EVERY = 1400;
const stride = signal<Stride["id"]>("period");

function go(to: number): void {
  const last = s.steps.value.length - 1;
  s.step.value = Math.max(0, Math.min(last, to));
}

/** Playing never starts by itself, stops at the end, and is not offered to those who ask for less motion. */
export function keepPlaying(): void {
  effect(() => {
    if (!s.playing.value) return;
    const timer = setInterval(() => {
      if (s.step.value >= s.steps.value.length - 1) s.playing.value = false;
      else go(onward(1));
    }, EVERY);
    return () => clearInterval(timer);
  });
}

function play(): void {
  if (s.step.value >= s.steps.value.length - 1) go(0);
  s.playing.value = !s.playing.value;
}

function Icon({ d }: { d: string }) {
  return (
    <svg viewBox="0 0 20 20" aria-hidden="true">
      <path d={d} />
    </svg>
  );
}

const onward = (way: 1 | -1) => strideTo(s.steps.value, s.step.value, stride.value, way);

/** How far one press moves; shown where the run's steps reach farther than one period. */
function StrideChoice() {
  const all = s.manifest.value ? strides(s.manifest.value) : [];
  if (all.length < 2) return null;
  return (
    <label class="stride">
      <span>{t("Move by")}</span>
      <select
        id="stride" value={stride.value}
        onChange={(event) => (stride.value = event.currentTarget.value as Stride["id"])}
      >
        {all.map((one) => (
          <option value={one.id}>{one.words}</option>
        ))}
      </select>
    </label>
  );
}

/** Another clock, at the same time: the period that starts nearest to the one on show. */
async function changeClock(run: string, every: string): Promise<void> {
  const start = Date.parse(s.steps.value[s.step.value]?.start ?? "");
  await changeRun(run);
  if (Number.isFinite(start)) go(nearest(s.steps.value, start));
  s.say(t("Periods of a {period}. {label}.", { period: onePeriod(every), label: s.stepLabel.value }));
}

/** The same target by another clock: shift, day, week or month, as there are runs of. */
function Clock() {
  const target = s.manifest.value?.target;
  const name = typeof target === "string" ? target : target?.name;
  const mine = s.choices.value.filter((one) => one.target === name);
  const run = s.manifest.value?.run;
  if (mine.length < 2 || !mine.some((one) => one.run === run)) return null;
  return (
    <fieldset class="segments clock">
      <legend class="unseen">{t("Clock")}</legend>
      {["shift", "day", "week", "month"].map((every) => {
        const one = mine.find((run) => run.every === every);
        return (
          one && (
            <label>
              <input
                type="radio" name="clock" value={every} checked={one.run === run}
                onChange={() => void changeClock(one.run, every)}
              />
              <span>{capital(byEvery(every))}</span>
            </label>
          )
        );
      })}
    </fieldset>
  );
}

function by(way: 1 | -1): void {
  s.playing.value = false;
  go(onward(way));
  s.say(s.stepLabel.value);
}

export function TimeBar() {
  const steps = s.steps.value;
  const at = s.step.value;
  const past = s.layer.value?.id === "past" || s.layer.value?.steps === 1;
  const now = s.layer.value?.id === "live";
  if (steps.length < 2)
    return (
      <div class="time-bar one">
        <p>{s.stepLabel}</p>
        <Clock />
      </div>
    );
  return (
    <div class="time-bar" role="group" aria-label={t("Period")}>
      <div class="time-words">
        <strong>{s.stepLabel}</strong>
        {past && (
          <span>
            {now
              ? t("The map's layer is the rate now; the list and panel follow the period.")
              : t("The map's layer is one count; the list and panel follow the period.")}
          </span>
        )}
      </div>
      <Clock />
      <div class="time-controls">
        <StrideChoice />
        <button
          type="button" aria-label={t("Earlier period")} title={t("Earlier")} disabled={at === 0} onClick={() => by(-1)}
        >
          <Icon d="M12 4L6 10l6 6" />
        </button>
        {!s.calm.matches && (
          <button type="button" class="play" aria-label={s.playing.value ? t("Stop") : t("Play")} onClick={play}>
            <Icon d={s.playing.value ? "M5 5h10v10H5z" : "M6 4l10 6-10 6z"} />
            <span>{s.playing.value ? t("Stop") : t("Play")}</span>
          </button>
        )}
        <button
          type="button" aria-label={t("Later period")} title={t("Later")} disabled={at === steps.length - 1}
          onClick={() => by(1)}
        >
          <Icon d="M8 4l6 6-6 6" />
        </button>
        <input
          type="range" id="step-slider" aria-label={t("Period")} aria-valuetext={s.stepLabel.value} min={0}
          max={steps.length - 1} step={1} value={at}
          onInput={(event) => {
            s.playing.value = false;
            go(Number(event.currentTarget.value));
          }}
        />
        <label class="step-number">
          <span class="unseen">{t("Period number")}</span>
          <input
            type="number" id="step-number" min={1} max={steps.length} value={at + 1}
            onChange={(event) => {
              s.playing.value = false;
              go(Math.round(Number(event.currentTarget.value) || 1) - 1);
              event.currentTarget.value = String(s.step.value + 1);
            }}
          />
          <span> {t("of {total}", { total: steps.length })}</span>
        </label>
      </div>
    </div>
  );
}
