import { english, many, t, woven } from "../language";
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
    <aside class={`live-strip ${tone}`} aria-label={t("How fresh this is")} data-tone={tone}>
      <span class="live-words">
        <i class="live-mark" aria-hidden="true" />
        {words}
      </span>
      {said.reason && said.live && <span class="live-reason">{woven("No rates yet: {reason}", { reason: <span lang={english}>{said.reason}</span> })}</span>}
      {n.warnings.value > 0 && (
        <a href="/warnings">
          {many(n.warnings.value, "{n} new early warning", "{n} new early warnings")}
        </a>
      )}
      {said.feeds.length > 0 && (
        <details class="live-feeds">
          <summary>{said.feeds.length === 1 ? t("The feed") : t("All {n} feeds", { n: said.feeds.length })}</summary>
          <ul lang={english}>
            {said.feeds.map((feed) => (
              <li class={feed.quiet && feed.live ? "quiet" : ""}>{feed.words}</li>
            ))}
          </ul>
        </details>
      )}
    </aside>
  );
}
