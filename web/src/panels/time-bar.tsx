import { effect } from "@preact/signals";
import * as s from "../state";

const EVERY = 1400;

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
      else go(s.step.value + 1);
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

function by(change: number): void {
  s.playing.value = false;
  go(s.step.value + change);
  s.say(s.stepLabel.value);
}

export function TimeBar() {
  const steps = s.steps.value;
  const at = s.step.value;
  const past = s.layer.value?.id === "past" || s.layer.value?.steps === 1;
  const now = s.layer.value?.id === "live";
  if (steps.length < 2) return <p class="time-bar one">{s.stepLabel}</p>;
  return (
    <div class="time-bar" role="group" aria-label="Period">
      <div class="time-words">
        <strong>{s.stepLabel}</strong>
        {past && (
          <span>The map's layer is {now ? "the rate now" : "one count"}; the list and panel follow the period.</span>
        )}
      </div>
      <div class="time-controls">
        <button type="button" aria-label="Earlier period" title="Earlier" disabled={at === 0} onClick={() => by(-1)}>
          <Icon d="M12 4L6 10l6 6" />
        </button>
        {!s.calm.matches && (
          <button type="button" class="play" aria-label={s.playing.value ? "Stop" : "Play"} onClick={play}>
            <Icon d={s.playing.value ? "M5 5h10v10H5z" : "M6 4l10 6-10 6z"} />
            <span>{s.playing.value ? "Stop" : "Play"}</span>
          </button>
        )}
        <button
          type="button" aria-label="Later period" title="Later" disabled={at === steps.length - 1} onClick={() => by(1)}
        >
          <Icon d="M8 4l6 6-6 6" />
        </button>
        <input
          type="range" id="step-slider" aria-label="Period" aria-valuetext={s.stepLabel.value} min={0}
          max={steps.length - 1} step={1} value={at}
          onInput={(event) => {
            s.playing.value = false;
            go(Number(event.currentTarget.value));
          }}
        />
        <label class="step-number">
          <span class="unseen">Period number</span>
          <input
            type="number" id="step-number" min={1} max={steps.length} value={at + 1}
            onChange={(event) => {
              s.playing.value = false;
              go(Math.round(Number(event.currentTarget.value) || 1) - 1);
              event.currentTarget.value = String(s.step.value + 1);
            }}
          />
          <span> of {steps.length}</span>
        </label>
      </div>
    </div>
  );
}
