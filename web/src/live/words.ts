import { capital } from "../words";
import type { FeedFresh, Live } from "./contract";

const DATE = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "long", timeZone: "Europe/London" });
const WITH_YEAR = new Intl.DateTimeFormat("en-GB", {
  day: "numeric", month: "long", year: "numeric", timeZone: "Europe/London",
});
const TIME = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: "Europe/London" });

const day = (iso: string) => {
  const at = new Date(iso);
  return (at.getFullYear() === new Date().getFullYear() ? DATE : WITH_YEAR).format(at);
};

/** How long ago, in words that need not change each second once a minute has passed. */
export function ago(ms: number, calm: boolean): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 60) return calm ? "less than a minute ago" : `${seconds} s ago`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 120) return `${minutes} ${minutes === 1 ? "minute" : "minutes"} ago`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} hours ago` : `${Math.floor(hours / 24)} days ago`;
}

export type Tone = "live" | "quiet" | "replay" | "off" | "lost";

/** How fresh what is shown is: one sentence, and its tone. */
export function freshness(said: Live, now: number, retrying: number | null, calm: boolean): [Tone, string] {
  if (!said.live) {
    if (said.newest) return ["off", `Not live: the newest record is of ${lastDay(said.newest)}`];
    return ["off", capital(said.reason ? `not live: ${said.reason}` : "not live")];
  }
  if (retrying !== null) return ["lost", `Connection lost. Trying again in ${retrying} s; the map shows what was known`];
  if (said.speed && said.clock)
    return ["replay", `Replay of ${day(said.clock)}, ${TIME.format(new Date(said.clock))}, ${said.speed} times faster`];
  const silent = said.feeds.filter((feed) => feed.live && feed.quiet);
  if (silent.length > 0) return ["quiet", silent.map(quietWords).join(". ")];
  if (said.heard) return ["live", `Live, ${ago(now - new Date(said.heard).getTime(), calm)}`];
  return ["live", "Live: nothing has been received yet"];
}

/** Records held up to midnight are of the day before. */
const lastDay = (iso: string) => day(new Date(new Date(iso).getTime() - 1000).toISOString());

/** "The police incident feed has been quiet for 20 minutes". */
export function quietWords(feed: FeedFresh): string {
  const [, words] = feed.words.split(": ");
  if (!feed.quiet) return `The ${feed.title} feed is heard again`;
  return words?.startsWith("quiet for") ? `The ${feed.title} feed has been ${words}` : feed.words;
}

/** What came since the last announcement. */
export function newsWords(more: ReadonlyMap<number, number>, names: ReadonlyMap<number, string>): string {
  const total = [...more.values()].reduce((a, b) => a + b, 0);
  const [cell, most] = [...more].sort((a, b) => b[1] - a[1])[0]!;
  const where = names.get(cell);
  const first = `${total} more ${total === 1 ? "report" : "reports"}.`;
  return where ? `${first} ${total === most ? "At" : "Most at"} ${where}.` : first;
}
