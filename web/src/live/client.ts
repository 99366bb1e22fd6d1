import { effect, untracked } from "@preact/signals";
import { address } from "../api";
import { inLanguage, t, welsh } from "../language";
import { level, manifest, say } from "../state";
import type { FeedFresh, Live, Patch, Whole } from "./contract";
import * as n from "./state";
import { newsWords, quietWords } from "./words";

const AGAIN = 60_000;
const LONGEST = 30;
const A_MINUTE = 60_000;

let last = "";
let tries = 0;
let saidAt = 0;
const unsaid = new Map<number, number>();

async function read<T>(path: string): Promise<T> {
  const answer = await fetch(inLanguage(address(path)), { headers: { accept: "application/json" } });
  if (!answer.ok) throw new Error(`${answer.status}`);
  return (await answer.json()) as T;
}

/** Ask now and then whether anything is live; where it is, follow it. Where not, nothing moves. */
export async function watchLive(): Promise<void> {
  for (;;) {
    try {
      n.takeLive(await read<Live>("live"));
      if (n.live.value?.live) return follow();
    } catch {
      // The server is away, or older; the next look will tell.
    }
    await new Promise((done) => setTimeout(done, AGAIN));
  }
}

async function readWhole(): Promise<void> {
  n.expectWhole();
  try {
    const whole = await read<Whole>("live/cells");
    // The boxes of two runs differ; the page changes runs by itself, and then asks again.
    if (whole.run === manifest.value?.run) n.takeWhole(whole);
    else n.giveUpWhole();
  } catch {
    // There is no running state yet, and a reset will tell when there is; or the server went away, and then the
    // next connection begins anew rather than where this one stood.
    n.giveUpWhole();
    last = "";
  }
}

function follow(): void {
  const stream = new EventSource(address(`stream${last ? `?last=${encodeURIComponent(last)}` : ""}`));
  const on = (name: string, take: (data: never, id: string) => void) =>
    stream.addEventListener(name, (event: MessageEvent<string>) => {
      if (event.lastEventId) last = event.lastEventId;
      take(JSON.parse(event.data) as never, event.lastEventId);
    });
  stream.addEventListener("open", () => {
    tries = 0;
    n.retrying.value = null;
  });
  on("reset", () => void refresh());
  on("state", (said: Live) => (welsh ? void again() : n.takeLive(said))); // the stream is told to all in English
  on("cells", (patch: Patch, id) => tell(n.takePatch(patch, Number(id.split("-").pop()))));
  on("feed", (feed: FeedFresh) => {
    void again();
    say(quietWords(feed));
  });
  on("warning", () => {
    n.warnings.value++;
    say(t("A new early warning."));
  });
  stream.addEventListener("error", () => {
    stream.close();
    const wait = Math.min(LONGEST, 2 ** tries++) * (0.8 + 0.4 * Math.random());
    n.retrying.value = Math.max(1, Math.round(wait));
    setTimeout(follow, wait * 1000);
  });
}

const again = () => read<Live>("live").then(n.takeLive, () => undefined);

async function refresh(): Promise<void> {
  await again();
  await readWhole();
}

/** Announce at most once a minute, all that came since together. */
function tell(more: Map<number, number>): void {
  for (const [cell, count] of more) unsaid.set(cell, (unsaid.get(cell) ?? 0) + count);
  if (unsaid.size === 0 || Date.now() - saidAt < A_MINUTE) return;
  saidAt = Date.now();
  say(newsWords(unsaid, n.names));
  unsaid.clear();
}

/** When the run or the view on show changes, read its cells anew where they are live. */
export function followRun(): void {
  n.offerLayer();
  effect(() => {
    const shown = manifest.value?.run;
    if (shown && level.value === "cell" && untracked(() => n.live.value?.live)) void refresh();
  });
}
