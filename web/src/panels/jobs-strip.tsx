import * as s from "../state";
import { capital } from "../words";

const NAMES: Record<string, string> = { link: "Linking reports", fusing: "Check of fusing", warn: "Early warnings" };
const named = (kind: string) => NAMES[kind] ?? capital(kind);

/** Stages still running, said on the page; nothing when all is done. */
export function JobsStrip() {
  const going = s.jobs.value.filter((job) => job.state === "running");
  const waiting = s.jobs.value.filter((job) => job.state === "queued").reverse();
  // The server lists the newest first; an old failure that later work made good is not news.
  const failed = s.jobs.value.slice(0, 1).filter((job) => job.state === "failed");
  if (going.length + waiting.length + failed.length === 0) return null;
  return (
    <aside class="jobs" aria-label="Work in progress">
      <ul>
        {going.map((job) => (
          <li>
            <span class="job-kind">{named(job.kind)}</span>
            <progress max={1} value={job.progress ?? undefined} aria-label={`${named(job.kind)} progress`} />
            <span>{Math.round((job.progress ?? 0) * 100)} %</span>
            {job.message && <span class="job-message">{job.message}</span>}
          </li>
        ))}
        {waiting.length > 0 && (
          <li>
            <span class="job-message">Waiting: {waiting.map((job) => named(job.kind)).join(", ")}</span>
          </li>
        )}
        {failed.map((job) => (
          <li class="failed">
            <span class="job-kind">{named(job.kind)} did not finish.</span>
            {job.message && <span class="job-message">{job.message}</span>}
          </li>
        ))}
      </ul>
    </aside>
  );
}
