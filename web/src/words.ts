import type { Manifest, Row } from "./contract";
import { many, t, welsh } from "./language";

/** An expected number: two figures that matter. */
export function number(value: number | null | undefined): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return t("no data");
  if (value > 0 && value < 0.01) return t("under 0.01");
  return value >= 10 ? value.toLocaleString("en-GB", { maximumFractionDigits: 0 }) : value >= 1 ? value.toFixed(1) : value.toFixed(2);
}

export const count = (value: number | null | undefined): string =>
  value === null || value === undefined ? t("no data") : value.toLocaleString("en-GB", { maximumFractionDigits: 1 });

export function between(low: number | null, high: number | null): string {
  if (low === null || high === null) return "";
  return low === high ? count(low) : t("{low} to {high}", { low: count(low), high: count(high) });
}

const MONTHS: Record<string, string> = {
  January: t("January"), February: t("February"), March: t("March"), April: t("April"), May: t("May"), June: t("June"),
  July: t("July"), August: t("August"), September: t("September"), October: t("October"), November: t("November"),
  December: t("December"), Jan: t("Jan"), Feb: t("Feb"), Mar: t("Mar"), Apr: t("Apr"), Jun: t("Jun"), Jul: t("Jul"),
  Aug: t("Aug"), Sept: t("Sept"), Oct: t("Oct"), Nov: t("Nov"), Dec: t("Dec"),
};

/** Writes dates as the page's language has them: browsers know no Welsh months, its order is the English one. */
export function dates(options: Intl.DateTimeFormatOptions): (at: Date) => string {
  const made = new Intl.DateTimeFormat("en-GB", options);
  if (!welsh) return (at) => made.format(at);
  return (at) => made.formatToParts(at).map(({ type, value }) => (type === "month" ? (MONTHS[value] ?? value) : value)).join("");
}

const DAY = dates({ day: "numeric", month: "long", year: "numeric", timeZone: "Europe/London" });

export function day(iso: string): string {
  const at = new Date(iso.length === 10 ? `${iso}T12:00:00Z` : iso);
  return Number.isNaN(at.getTime()) ? iso : DAY(at);
}

const MONTH = dates({ month: "short", year: "numeric", timeZone: "UTC" });
const SHORT = dates({ day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });

export function period(iso: string, every: string): string {
  const at = new Date(iso.length === 10 ? `${iso}T00:00:00Z` : iso);
  if (Number.isNaN(at.getTime())) return iso;
  return every === "month" ? MONTH(at) : SHORT(at);
}

const ONE: Record<string, string> = {
  shift: t("shift"), day: t("day"), week: t("week"), month: t("month"), period: t("period"),
};
const BY: Record<string, string> = {
  shift: t("by shift"), day: t("by day"), week: t("by week"), month: t("by month"), period: t("by period"),
};

const LAST: Record<string, string> = {
  shift: t("the last shift"), day: t("the last day"), week: t("the last week"), month: t("the last month"),
  period: t("the last period"),
};

/** "the last week". */
export const lastPeriod = (every: string): string => LAST[every] ?? every;

/** "week", as it stands after "in one". */
export const onePeriod = (every: string): string => ONE[every] ?? every;

/** "by week". */
export const byEvery = (every: string): string => BY[every] ?? every;

/** "26 weeks". */
export function inPeriods(n: number, every: string): string {
  switch (every) {
    case "shift":
      return many(n, "{n} shift", "{n} shifts");
    case "day":
      return many(n, "{n} day", "{n} days");
    case "week":
      return many(n, "{n} week", "{n} weeks");
    case "month":
      return many(n, "{n} month", "{n} months");
    default:
      return many(n, "{n} period", "{n} periods");
  }
}

/** The words of something that may be words already or an object that carries them. */
export function wordsOf(value: unknown, ...keys: string[]): string {
  if (typeof value === "string") return value;
  if (value && typeof value === "object")
    for (const key of [...keys, "words", "sentence", "title", "name"]) {
      const inner = (value as Record<string, unknown>)[key];
      if (typeof inner === "string") return inner;
    }
  return "";
}

export function certaintyWords(value: Row["certainty"] | undefined, manifest: Manifest | null): string {
  if (value === undefined || value === null) return "";
  if (typeof value === "number") return manifest?.certainty.labels[value] ?? "";
  return wordsOf(value);
}

/** Certainty 0 to 7 of a row, or null when only words came. */
export function certaintyLevel(value: Row["certainty"] | undefined, manifest: Manifest | null): number | null {
  if (typeof value === "number") return value;
  if (value && typeof value === "object") return value.level;
  const labels = manifest?.certainty.labels ?? [];
  const at = labels.indexOf(String(value));
  return at < 0 ? null : labels.length === 8 ? at : Math.round((at / Math.max(1, labels.length - 1)) * 7);
}

/** A place's street, and where that street is, for setting in two sizes. */
export function named(name: string): [street: string, where: string] {
  const at = name.indexOf(", ");
  return at < 0 ? [name, ""] : [name.slice(0, at), name.slice(at + 2)];
}

export const capital = (words: string): string => words.charAt(0).toUpperCase() + words.slice(1);
