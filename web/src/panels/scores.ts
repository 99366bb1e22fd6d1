import { many } from "../language";
import { count, wordsOf } from "../words";

export interface Scores {
  id: string;
  title: string;
  gain: { value: number; low: number | null; high: number | null } | null;
  /** Share of the area to share of events caught there. */
  caught: Map<number, number>;
}

export interface Found {
  verdict: string;
  served: string;
  about: string;
  models: Scores[];
  shares: number[];
}

const SHOWN = [0.01, 0.02, 0.05];

type Loose = Record<string, unknown>;
const loose = (value: unknown): Loose | null =>
  value !== null && typeof value === "object" && !Array.isArray(value) ? (value as Loose) : null;
const list = (value: unknown): Loose[] =>
  Array.isArray(value) ? value.map(loose).filter((one) => one !== null) : [];
const num = (value: unknown): number | null => (typeof value === "number" ? value : null);

function model(raw: Loose): Scores {
  const gain = loose(raw.gain);
  const value = num(gain?.value);
  const caught = new Map<number, number>();
  for (const one of list(raw.capture)) {
    const [share, rate] = [num(one.share), num(one.hit_rate)];
    if (share !== null && rate !== null) caught.set(share, rate);
  }
  const id = String(raw.id ?? "");
  return {
    id,
    title: typeof raw.title === "string" ? raw.title : id,
    gain: value === null ? null : { value, low: num(gain?.low), high: num(gain?.high) },
    caught,
  };
}

const checked = (origins: number, events: string) =>
  many(
    origins, "{n} past forecast, checked against {events} events.",
    "{n} past forecasts, checked against {events} events.", { events },
  );

/** Read the evaluation file; null when there is none yet or it is of another shape. */
export function scoresOf(raw: unknown): Found | null {
  const body = loose(raw);
  const verdict = body && wordsOf(body.verdict, "sentence");
  if (!body || !verdict) return null;
  const models = list(body.models).map(model);
  const origins = Array.isArray(body.origins) ? body.origins.length : 0;
  const events = num(body.events);
  return {
    verdict,
    served: String(loose(body.verdict)?.served ?? ""),
    about: events ? checked(origins, count(Math.round(events))) : "",
    models: models.sort((a, b) => (b.gain?.value ?? -Infinity) - (a.gain?.value ?? -Infinity)),
    shares: SHOWN.filter((share) => models.some((one) => one.caught.has(share))),
  };
}
