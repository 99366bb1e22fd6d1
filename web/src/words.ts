import type { Manifest, Row } from "./contract";

/** An expected number: two figures that matter. */
export function number(value: number | null | undefined): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return "no data";
  if (value > 0 && value < 0.01) return "under 0.01";
  return value >= 10 ? value.toFixed(0) : value >= 1 ? value.toFixed(1) : value.toFixed(2);
}

export const count = (value: number | null | undefined): string =>
  value === null || value === undefined ? "no data" : value.toLocaleString("en-GB", { maximumFractionDigits: 1 });

export function between(low: number | null, high: number | null): string {
  if (low === null || high === null) return "";
  return low === high ? `${count(low)}` : `${count(low)} to ${count(high)}`;
}

const DAY = new Intl.DateTimeFormat("en-GB", {
  day: "numeric",
  month: "long",
  year: "numeric",
  timeZone: "Europe/London",
});

export function day(iso: string): string {
  const at = new Date(iso.length === 10 ? `${iso}T12:00:00Z` : iso);
  return Number.isNaN(at.getTime()) ? iso : DAY.format(at);
}

const MONTH = new Intl.DateTimeFormat("en-GB", { month: "short", year: "numeric", timeZone: "UTC" });
const SHORT = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });

export function period(iso: string, every: string): string {
  const at = new Date(iso.length === 10 ? `${iso}T00:00:00Z` : iso);
  if (Number.isNaN(at.getTime())) return iso;
  return every === "month" ? MONTH.format(at) : SHORT.format(at);
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
