import { signal } from "@preact/signals";
import { t } from "../language";
import * as s from "../state";
import { use } from "./sketch";

interface Kept {
  name: string;
  area: string;
  shape: string;
}

const KEY = "peelian:areas";

function read(): Kept[] {
  try {
    return JSON.parse(localStorage.getItem(KEY) ?? "[]") as Kept[];
  } catch {
    return [];
  }
}

const kept = signal<Kept[]>(read());

function keep(all: Kept[]): void {
  kept.value = all;
  try {
    localStorage.setItem(KEY, JSON.stringify(all));
  } catch {
    s.say(t("This browser keeps nothing; the link does."));
  }
}

const here = () => {
  const area = s.manifest.value?.area;
  return typeof area === "string" ? area : (area?.code ?? area?.name ?? "");
};

async function copy(): Promise<void> {
  try {
    await navigator.clipboard.writeText(location.href);
    s.say(t("Link copied."));
  } catch {
    s.say(t("The link is this page's address."));
  }
}

/** Areas kept in this browser under a name (a place's shape, nothing else), and the link that shares one. */
export function Saved() {
  const mine = kept.value.filter((one) => one.area === here());
  return (
    <div class="saved">
      {s.shape.value && (
        <form
          class="save"
          onSubmit={(event) => {
            event.preventDefault();
            const name = String(new FormData(event.currentTarget).get("name")).trim();
            if (!name || !s.shape.value) return;
            const others = kept.value.filter((one) => one.name !== name || one.area !== here());
            keep([...others, { name, area: here(), shape: s.shape.value }]);
            s.say(t("Saved as {name}.", { name }));
          }}
        >
          <label>
            {t("Name")} <input name="name" type="text" maxLength={60} required />
          </label>
          <button type="submit" class="quiet">
            {t("Save")}
          </button>
          <button type="button" class="quiet" onClick={() => void copy()}>
            {t("Copy the link")}
          </button>
        </form>
      )}
      {mine.length > 0 && (
        <ul class="saved-list" aria-label={t("Saved areas")}>
          {mine.map((one) => (
            <li>
              <button type="button" class="quiet" onClick={() => use(one.shape)}>
                {one.name}
              </button>
              <button
                type="button" class="close small" aria-label={t("Forget {name}", { name: one.name })}
                onClick={() => keep(kept.value.filter((other) => other !== one))}
              >
                <svg viewBox="0 0 20 20" aria-hidden="true">
                  <path d="M5 5l10 10M15 5L5 15" />
                </svg>
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
