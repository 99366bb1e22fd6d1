import { onePeriod } from "./words";
import type { Manifest, Step } from "./contract";

export interface Stride {
  id: "period" | "day" | "week" | "month";
  words: string;
}

const DAYS = { day: 1, week: 7, month: 28 } as const;

const days = (from: string, to: string) => (Date.parse(to) - Date.parse(from)) / 86_400_000;

/** How far one press may move: the run's own period, and each longer one that its steps reach. */
export function strides(run: Manifest): Stride[] {
  const { steps, every } = run;
  if (steps.length < 2) return [];
  const own = days(steps[0]!.start, steps[1]!.start);
  const whole = days(steps[0]!.start, steps.at(-1)!.start);
  const longer = (["day", "week", "month"] as const).filter((id) => DAYS[id] > own * 1.05 && DAYS[id] <= whole + 0.01);
  return [{ id: "period", words: onePeriod(every) }, ...longer.map((id) => ({ id, words: onePeriod(id) }))];
}

/** The step that one stride leads to, forwards (1) or back (-1). */
export function strideTo(steps: readonly Step[], at: number, stride: Stride["id"], way: 1 | -1): number {
  if (stride === "period") return Math.max(0, Math.min(steps.length - 1, at + way));
  return nearest(steps, Date.parse(steps[at]!.start) + way * DAYS[stride] * 86_400_000);
}

/** The step that starts nearest to an instant (milliseconds). */
export function nearest(steps: readonly Step[], wanted: number): number {
  let best = 0;
  steps.forEach((one, k) => {
    if (Math.abs(Date.parse(one.start) - wanted) < Math.abs(Date.parse(steps[best]!.start) - wanted)) best = k;
  });
  return best;
}
