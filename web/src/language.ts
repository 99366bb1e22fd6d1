import type { ComponentChild } from "preact";

/**
 * The page's words. English is the id; Welsh comes inside a Welsh page (api/map_page.py), so that an English one
 * carries none of it. What has no Welsh stays English.
 */
type Names<Text extends string> = Text extends `${string}{${infer Name}}${infer Rest}` ? Name | Names<Rest> : never;
type Value = string | number;
type Values<Text extends string> = [Names<Text>] extends [never] ? [] : [values: Record<Names<Text>, Value>];

/** Welsh of an English text: a text, or one for each kind of number that Welsh tells apart. */
type Held = string | Partial<Record<Intl.LDMLPluralRule, string>>;

const held = JSON.parse(document.getElementById("words")?.textContent || "{}") as Record<string, Held>;

export const welsh = document.documentElement.lang === "cy";
const kindOf = new Intl.PluralRules(welsh ? "cy" : "en-GB");

/** To mark what is English in a Welsh page, for those who hear it read; nothing in an English one. */
export const english = welsh ? "en-GB" : undefined;

const toldInEnglish = new Set<string>();

/** Note that a text is the server's own, which is English: what it refuses, and why. */
export function fromServer(text: string): string {
  if (welsh) toldInEnglish.add(text);
  return text;
}

/** The mark for a text that may be the server's; nothing for one of the page's own. */
export const markOf = (text: string | null | undefined) => (text && toldInEnglish.has(text) ? english : undefined);

const fill = (text: string, values: Record<string, Value>): string =>
  text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));

function found(text: string): string {
  const one = held[text];
  return typeof one === "string" ? one : text;
}

/** A text in the page's language, with its `{named}` values filled in. */
export function t<const Text extends string>(text: Text, ...[values]: Values<Text>): string {
  return fill(found(text), values ?? {});
}

/** A text for a number, which stands in it as `{n}`, written by `shown` where it is long. */
export function many<const Text extends string>(
  n: number, one: string, more: Text,
  ...[values]: [Exclude<Names<Text>, "n">] extends [never] ? [] : [values: Record<Exclude<Names<Text>, "n">, Value>]
): string {
  const forms = held[one];
  const welshForm = typeof forms === "object" ? (forms[kindOf.select(n)] ?? forms.other) : undefined;
  return fill(welshForm ?? (n === 1 ? one : more), { n: n.toLocaleString("en-GB", { maximumFractionDigits: 1 }), ...values });
}

/** A text with parts of the page where its `{named}` values stand: a list to be set as it is. */
export function woven<const Text extends string>(text: Text, parts: Record<Names<Text>, ComponentChild>): ComponentChild[] {
  const all: Record<string, ComponentChild> = parts;
  return found(text).split(/\{(\w+)\}/).map((part, k) => (k % 2 ? all[part] : part));
}

/** The language this page is not in, for a link to it. */
export const other = welsh
  ? ({ id: "en", tag: "en-GB", name: "English" } as const)
  : ({ id: "cy", tag: "cy", name: "Cymraeg" } as const);

/** Ask for data in the page's language: the server tells it by the address alone. Bytes have none. */
export function inLanguage(address: URL): URL {
  if (welsh && !address.pathname.endsWith(".u8")) address.searchParams.set("lang", "cy");
  return address;
}
