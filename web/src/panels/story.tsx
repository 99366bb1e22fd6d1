import type { StoryPlace } from "../contract";
import { choose } from "../choose";
import { english, t } from "../language";
import * as s from "../state";
import { wordsOf } from "../words";
import { Name } from "./name";

function Beside({ kind, title, at }: { kind: "certain" | "doubtful"; title: string; at: StoryPlace }) {
  const chosen = s.cell.value === at.cell;
  return (
    <li class={`pair-card ${kind}`}>
      <button type="button" aria-pressed={chosen} onClick={() => choose(at.cell, { from: "story" })}>
        <span class="pair-kind">
          <Dots level={kind === "certain" ? 3 : 1} /> {title}
        </span>
        <span class="pair-name">
          <Name of={at.name} />
        </span>
        <span class="pair-words">{at.words}</span>
      </button>
    </li>
  );
}

/** Text whose numbers are never parted from their per cent sign at a line's end. */
function Kept({ text }: { text: string }) {
  return (
    <>{text.split(/(\d[\d.]* %)/).map((part, k) => (k % 2 ? <span class="kept">{part}</span> : part))}</>
  );
}

/** How sure, as filled dots; always beside its words. */
export function Dots({ level }: { level: 0 | 1 | 2 | 3 }) {
  return (
    <svg class="dots" viewBox="0 0 30 10" aria-hidden="true">
      {[0, 1, 2].map((k) => (
        <circle cx={5 + k * 10} cy={5} r={3.6} class={k < level ? "on" : ""} />
      ))}
    </svg>
  );
}

/** The first thing read: how concentrated, next to what last year's count alone would say; then doubt. */
export function StoryBlock() {
  const story = s.manifest.value?.story;
  if (!story) return null;
  const missing = wordsOf(story.no_data);
  return (
    <section class="story" aria-labelledby="story-line">
      <div class="story-words">
        <h1 id="story-line">
          <Kept text={story.sentence} />
        </h1>
        {story.plain_sentence && <p class="plain">{story.plain_sentence}</p>}
        {story.audit && (
          <p class="audit" role="note">
            <span lang={english}>{story.audit}</span> <a href="/model#fairness">{t("Model and fairness")}</a>
          </p>
        )}
        {missing && (
          <p class="missing">
            {story.hatched && <span class="hatch" aria-hidden="true" />} {missing}
          </p>
        )}
      </div>
      {(story.certain || story.doubtful) && (
        <ul class="pair" aria-label={t("One certain place and one doubtful place")}>
          {story.certain && <Beside kind="certain" title={t("We are surest here")} at={story.certain} />}
          {story.doubtful && <Beside kind="doubtful" title={t("We are less sure here")} at={story.doubtful} />}
        </ul>
      )}
    </section>
  );
}
