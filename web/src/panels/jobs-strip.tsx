import type { Job } from "../contract";
import { english, t } from "../language";
import * as s from "../state";
import { capital } from "../words";

const NAMES: Record<string, string> = {
  link: t("Linking reports"), fusing: t("Check of fusing"), warn: t("Early warnings"), forecast: t("Forecast"),
  backtest: t("Backtest"), concentration: t("Concentration"), ingest: t("Ingest"), plan: t("Plan"),
  evaluate: t("Evaluate"), learn: t("Learn"), return: t("Return"), "near-repeat": t("Near-repeat"),
  fairness: t("Fairness"), look: t("Look"), "bring-in": t("Bring-in"), demo: t("Demo"),
};

/** Four returns may wait at once: each says which it is. */
const RETURNS: Record<string, string> = {
  sna: t("Return: serious violence"), csp: t("Return: community safety partnership"),
  hotspot: t("Return: hotspot patrols"), vru: t("Return: violence reduction unit"),
};

function named({ kind, arguments: asked }: Job): string {
  return (kind === "return" && RETURNS[String(asked?.name)]) || (NAMES[kind] ?? capital(kind));
}

/** Stages still running, said on the page; nothing when all is done. */
export function JobsStrip() {
  const going = s.jobs.value.filter((job) => job.state === "running");
  const waiting = s.jobs.value.filter((job) => job.state === "queued").reverse();
  // The server lists the newest first; an old failure that later work made good is not news.
  const failed = s.jobs.value.slice(0, 1).filter((job) => job.state === "failed");
  if (going.length + waiting.length + failed.length === 0) return null;
  return (
    <aside class="jobs" aria-label={t("Work in progress")}>
      <ul>
        {going.map((job) => (
          <li>
            <span class="job-kind">{named(job)}</span>
            <progress max={1} value={job.progress ?? undefined} aria-label={t("{work} progress", { work: named(job) })} />
            <span>{Math.round((job.progress ?? 0) * 100)} %</span>
            {job.message && <span class="job-message" lang={english}>{job.message}</span>}
          </li>
        ))}
        {waiting.length > 0 && (
          <li>
            <span class="job-message">{t("Waiting: {works}", { works: waiting.map(named).join(", ") })}</span>
          </li>
        )}
        {failed.map((job) => (
          <li class="failed">
            <span class="job-kind">{t("{work} did not finish.", { work: named(job) })}</span>
            {job.message && <span class="job-message" lang={english}>{job.message}</span>}
          </li>
        ))}
      </ul>
    </aside>
  );
}
