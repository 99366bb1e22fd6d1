import { useEffect, useState } from "preact/hooks";
import * as s from "../state";
import * as n from "./state";
import { freshness } from "./words";

/** Tell the time on, only while something is live; once a second for the first minute, unless asked for calm. */
function useNow(ticking: boolean): number {
  const [, tick] = useState(0);
  useEffect(() => {
    if (!ticking) return;
    const timer = setInterval(() => tick((k) => k + 1), s.calm.matches ? 15_000 : 1_000);
    return () => clearInterval(timer);
  }, [ticking]);
  return Date.now() + n.behind.value;
}

/** How fresh what is shown is, in plain sight; every feed by its own cadence beneath. */
export function LiveStrip() {
  const said = n.live.value;
  const now = useNow(Boolean(said?.live && !said.speed));
  if (!said) return null;
  const [tone, words] = freshness(said, now, n.retrying.value, s.calm.matches);
  return (
    <aside class={`live-strip ${tone}`} aria-label="How fresh this is" data-tone={tone}>
      <span class="live-words">
        <i class="live-mark" aria-hidden="true" />
        {words}
      </span>
      {said.reason && said.live && <span class="live-reason">No rates yet: {said.reason}</span>}
      {n.warnings.value > 0 && (
        <a href="/warnings">
          {n.warnings.value} new early {n.warnings.value === 1 ? "warning" : "warnings"}
        </a>
      )}
      {said.feeds.length > 0 && (
        <details class="live-feeds">
          <summary>{said.feeds.length === 1 ? "The feed" : `All ${said.feeds.length} feeds`}</summary>
          <ul>
            {said.feeds.map((feed) => (
              <li class={feed.quiet && feed.live ? "quiet" : ""}>{feed.words}</li>
            ))}
          </ul>
        </details>
      )}
    </aside>
  );
}
