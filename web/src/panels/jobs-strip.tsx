import * as s from "../state";
import { capital } from "../words";

/** Stages still running, said on the page; nothing when all is done. */
export function JobsStrip() {
  const going = s.jobs.value.filter((job) => job.state === "running" || job.state === "queued");
  // The server lists the newest first; an old failure that later work made good is not news.
  const failed = s.jobs.value.slice(0, 1).filter((job) => job.state === "failed");
  if (going.length + failed.length === 0) return null;
  return (
    <aside class="jobs" aria-label="Work in progress">
      <ul>
        {going.map((job) => (
          <li>
            <span class="job-kind">{capital(job.kind)}</span>
            {job.state === "queued" ? (
              <span>waiting</span>
            ) : (
              <>
                <progress max={1} value={job.progress ?? undefined} aria-label={`${job.kind} progress`} />
                <span>{Math.round((job.progress ?? 0) * 100)} %</span>
              </>
            )}
            {job.message && <span class="job-message">{job.message}</span>}
          </li>
        ))}
        {failed.map((job) => (
          <li class="failed">
            <span class="job-kind">{capital(job.kind)} did not finish.</span>
            {job.message && <span class="job-message">{job.message}</span>}
          </li>
        ))}
      </ul>
    </aside>
  );
}
