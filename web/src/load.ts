import { effect, untracked } from "@preact/signals";
import { Answered, readChoices, readEvaluation, readJobs, readManifest, readPlace, readTable } from "./api";
import type { Manifest } from "./contract";
import { t } from "./language";
import { layerBytes } from "./layer-bytes";
import * as s from "./state";

const FAST = 2000;
const SLOW = 15000;

const sentence = (fault: unknown) => (fault instanceof Error ? fault.message : String(fault));

/** Read the manifest; on the first one, choose the top place unless the address named one. */
export async function loadRun(id: string | null, keepCell: boolean): Promise<void> {
  try {
    const [found, top] = await opened(id, keepCell);
    const steps = found.steps.length;
    s.step.value = Math.max(0, Math.min(s.step.value, steps - 1));
    const same = s.manifest.value?.run === found.run;
    if (same && s.manifest.value?.created === found.created && s.level.value === found.view) {
      s.manifest.value = { ...found, grid: s.manifest.value.grid };
      return;
    }
    const moved = s.manifest.value !== null && s.level.value !== (found.view ?? "cell");
    if (!keepCell) s.cell.value = top;
    else if (moved) s.cell.value = await topPlace(found.run, found.view ?? "cell", s.step.value);
    s.manifest.value = found;
    s.trouble.value = null;
    const shown = s.layer.value; // its bytes are on their way while the map's code still comes
    if (shown && shown.id !== "live") layerBytes(shown.url).catch(() => undefined);
    document.title = `${found.title.charAt(0).toUpperCase()}${found.title.slice(1)} · Peelian`;
    const code = typeof found.area === "string" ? found.area : found.area.code;
    if (code) void readChoices(code).then((choices) => (s.choices.value = choices));
    void readEvaluation(found.run).then(
      (value) => (s.evaluation.value = value),
      () => (s.evaluation.value = null),
    );
  } catch (fault) {
    if (!s.manifest.value)
      s.trouble.value =
        fault instanceof Answered && fault.status === 404
          ? t("No forecast has been made yet. This page shows the first one as soon as it is ready.")
          : sentence(fault);
  }
}

/** Read a run in the view asked for; where none was, in the one it opens in (an address's cell is a square). */
async function opened(id: string | null, keepCell: boolean): Promise<[Manifest, number | null]> {
  const asked = s.asked.value ?? (keepCell && s.manifest.value === null ? "cell" : null);
  const top = (level: string) => (keepCell ? null : topPlace(id ?? "latest", level, s.step.value));
  const [first, best] = await Promise.all([readManifest(id, asked), top(asked ?? "cell")]);
  const opens = asked ?? first.opens ?? "cell";
  if (opens === (first.view ?? "cell")) return [first, best];
  return Promise.all([readManifest(first.run, opens), top(opens)]);
}

async function topPlace(run: string, level: string, step: number): Promise<number | null> {
  try {
    return (await readTable(run, { level, step, limit: 1 })).rows[0]?.cell ?? null;
  } catch {
    return null;
  }
}

/** Read the list whenever the run, the step, its length or the view it follows changes. */
export function followTable(): void {
  let asked: AbortController | null = null;
  effect(() => {
    const run = s.manifest.value?.run;
    if (!run) return;
    s.away.value; // asked again when the server is back
    const bbox = s.inView.value ? s.bounds.value : null;
    const sort = s.sort.value;
    const query = { level: s.level.value, step: s.step.value, limit: s.limit.value, bbox, sort };
    asked?.abort();
    asked = new AbortController();
    const start = performance.now();
    readTable(run, query, asked.signal).then(
      (table) => {
        s.table.value = table;
        // From the change of view or period to the rows on the page; benchmarks read it.
        setTimeout(() => performance.measure("peelian:table", { start, end: performance.now() }), 0);
      },
      (fault: unknown) => {
        if ((fault as Error).name === "AbortError") return;
        if (s.away.value) s.table.value = null; // another period's numbers must not stand under this one's name
        s.say(sentence(fault));
      },
    );
  });
}

/** Read the chosen place; a short wait lets someone step across many cells without a request for each. */
export function followPlace(): void {
  let asked: AbortController | null = null;
  effect(() => {
    const run = s.manifest.value?.run;
    const level = s.level.value;
    const cell = s.cell.value;
    const step = s.step.value;
    s.away.value;
    asked?.abort();
    if (!run || cell === null) {
      s.place.value = null;
      return;
    }
    asked = new AbortController();
    const { signal } = asked;
    const wait = untracked(() => (s.place.value === null ? 0 : 90));
    setTimeout(() => {
      if (signal.aborted) return;
      readPlace(run, level, cell, step, signal).then(
        (place) => {
          s.place.value = place;
        },
        (fault: unknown) => {
          if ((fault as Error).name === "AbortError") return;
          s.place.value = null;
          s.say(fault instanceof Answered && fault.status === 404 ? t("That is outside the area.") : sentence(fault));
        },
      );
    }, wait);
  });
}

/** Watch long work; when a stage ends, read the run again so that what it made appears. */
export async function watchJobs(): Promise<void> {
  let before: Set<string> | null = null; // what had ended when the page was opened is no news
  for (;;) {
    try {
      const jobs = await readJobs();
      const ended = new Set(jobs.filter((job) => job.state === "done").map((job) => String(job.id)));
      const seen: Set<string> = before ?? ended;
      const news = [...ended].some((id) => !seen.has(id));
      s.jobs.value = jobs;
      if (news || s.manifest.value === null)
        await loadRun(s.pinned.value, s.cell.value !== null);
      if (news && s.manifest.value)
        s.evaluation.value = await readEvaluation(s.manifest.value.run).catch(() => null);
      before = ended;
    } catch {
      // The server is away for a moment (a restart); the next look will tell.
    }
    const busy = s.jobs.value.some((job) => job.state === "running" || job.state === "queued");
    await new Promise((done) => setTimeout(done, busy || !s.manifest.value ? FAST : SLOW));
  }
}

/** See the same run by squares or by larger places. */
export async function changeLevel(level: string): Promise<void> {
  s.asked.value = level;
  await changeTo(s.pinned.value ?? s.manifest.value?.run ?? null);
}

/** Change to another run, such as that of another target. */
export async function changeRun(id: string): Promise<void> {
  s.pinned.value = id;
  s.asked.value = null;
  await changeTo(id);
}

async function changeTo(id: string | null): Promise<void> {
  s.table.value = null;
  s.place.value = null;
  s.cell.value = null;
  await loadRun(id, false);
}
