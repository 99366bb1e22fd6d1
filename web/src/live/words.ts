import { many, t, welsh } from "../language";
import { dates } from "../words";
import type { FeedFresh, Live } from "./contract";

const DATE = dates({ day: "numeric", month: "long", timeZone: "Europe/London" });
const WITH_YEAR = dates({ day: "numeric", month: "long", year: "numeric", timeZone: "Europe/London" });
const TIME = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: "Europe/London" });

const day = (iso: string) => {
  const at = new Date(iso);
  return (at.getFullYear() === new Date().getFullYear() ? DATE : WITH_YEAR)(at);
};

/** How long ago, in words that need not change each second once a minute has passed. */
export function ago(ms: number, calm: boolean): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 60) return calm ? t("less than a minute ago") : t("{n} s ago", { n: seconds });
  const minutes = Math.floor(seconds / 60);
  if (minutes < 120) return many(minutes, "{n} minute ago", "{n} minutes ago");
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return many(hours, "{n} hour ago", "{n} hours ago");
  return many(Math.floor(hours / 24), "{n} day ago", "{n} days ago");
}

export type Tone = "live" | "quiet" | "replay" | "off" | "lost";

/** How fresh what is shown is: one sentence, and its tone. */
export function freshness(said: Live, now: number, retrying: number | null, calm: boolean): [Tone, string] {
  if (!said.live) {
    if (said.newest) return ["off", t("Not live: the newest record is of {day}", { day: lastDay(said.newest) })];
    return ["off", said.reason ? t("Not live: {reason}", { reason: said.reason }) : t("Not live")];
  }
  if (retrying !== null) return ["lost", t("Connection lost. Trying again in {n} s; the map shows what was known", { n: retrying })];
  if (said.speed && said.clock)
    return [
      "replay",
      t("Replay of {day}, {time}, {n} times faster", {
        day: day(said.clock), time: TIME.format(new Date(said.clock)), n: said.speed,
      }),
    ];
  const silent = said.feeds.filter((feed) => feed.live && feed.quiet);
  if (silent.length > 0) return ["quiet", silent.map(quietWords).join(". ")];
  if (said.heard) return ["live", t("Live, {ago}", { ago: ago(now - new Date(said.heard).getTime(), calm) })];
  return ["live", t("Live: nothing has been received yet")];
}

/** Records held up to midnight are of the day before. */
const lastDay = (iso: string) => day(new Date(new Date(iso).getTime() - 1000).toISOString());

/** "The police incident feed has been quiet for 20 minutes". */
export function quietWords(feed: FeedFresh): string {
  if (!feed.quiet) return t("The {feed} feed is heard again", { feed: feed.title });
  if (welsh) return t("The {feed} feed is quiet", { feed: feed.title });
  const [, words] = feed.words.split(": ");
  return words?.startsWith("quiet for") ? `The ${feed.title} feed has been ${words}` : feed.words;
}

/** What came since the last announcement. */
export function newsWords(more: ReadonlyMap<number, number>, names: ReadonlyMap<number, string>): string {
  const total = [...more.values()].reduce((a, b) => a + b, 0);
  const [cell, most] = [...more].sort((a, b) => b[1] - a[1])[0]!;
  const where = names.get(cell);
  const first = many(total, "{n} more report.", "{n} more reports.");
  if (!where) return first;
  return `${first} ${total === most ? t("At {place}.", { place: where }) : t("Most at {place}.", { place: where })}`;
}
