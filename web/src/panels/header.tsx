import { other, t, welsh } from "../language";
import * as s from "../state";
import { capital, day, wordsOf } from "../words";

/** Said in plain sight, before anything else, when nothing on the page is real. */
export function SimulatedBanner() {
  if (!s.manifest.value?.simulated) return null;
  return (
    <aside class="simulated" aria-label={t("About these data")}>
      <strong>{t("SIMULATED, fictional place.")}</strong> {t("No real street, event or person is on this page.")}
    </aside>
  );
}

// The same order as on the plain pages (api/pages_html/base.html); a test compares the two.
const PAGES = [
  ["/list", t("List")],
  ["/briefing", t("Briefing")],
  ["/warnings", t("Early warnings")],
  ["/plans", t("Plans")],
  ["/evaluation", t("Did it work?")],
  ["/data", t("Data")],
] as const;

const MORE = [
  ["/today", t("Today, on a phone")],
  ["/problems", t("Problems")],
  ["/corrections", t("Corrections")],
  ["/challenges", t("Challenges")],
  ["/search", t("Search")],
  ["/forces", t("Forces")],
  ["/model", t("Model and fairness")],
  ["/audit", t("Audit")],
  ["/releases", t("Releases")],
  ["/returns", t("Returns")],
  ["/start", t("Use your own data")],
  ["/help", t("Guidance")],
  ["/glossary", t("Glossary")],
] as const;

export function Header() {
  const run = s.manifest.value;
  return (
    <header class="top">
      <div class="brand">
        <svg viewBox="0 0 20 20" aria-hidden="true">
          <path d="M1 1h5v5H1zM7.5 1h5v5h-5zM14 1h5v5h-5zM1 7.5h5v5H1zM14 7.5h5v5h-5zM1 14h5v5H1zM7.5 14h5v5h-5z" />
          <path class="lit" d="M7.5 7.5h5v5h-5z" />
        </svg>
        <span>Peelian</span>
      </div>
      {run && (
        <p class="about-run">
          <strong>{wordsOf(run.area, "name")}</strong>
          <span>{capital(run.title)}</span>
          <span>{t("Forecast from {day}", { day: day(run.origin) })}</span>
        </p>
      )}
      {run && (
        <nav class="jump" aria-label={t("Pages")}>
          <a aria-current="page">{t("Map")}</a>
          <a href="#evaluation">{t("How good is it?")}</a>
          {PAGES.map(([to, words]) => (
            <a href={to}>{words}</a>
          ))}
          <details class="more">
            <summary>{t("More")}</summary>
            <ul>
              {MORE.map(([to, words]) => (
                <li>
                  <a href={to}>{words}</a>
                </li>
              ))}
            </ul>
          </details>
          <Switch />
        </nav>
      )}
    </header>
  );
}

/** This view in the other language; the address is taken when it is pressed, for it changes with the view. */
function Switch() {
  const asked = () => {
    const shown = new URLSearchParams(location.search);
    shown.set("lang", other.id);
    return `?${shown}`;
  };
  return (
    <a
      class="language" href={`?lang=${other.id}`} lang={other.tag} hreflang={other.tag}
      onClick={(event) => (event.currentTarget.href = asked())}
    >
      {other.name}
    </a>
  );
}

export function Footer() {
  const run = s.manifest.value;
  if (!run) return null;
  return (
    <footer class="foot">
      <p>
        <strong>{t("A forecast about places. Not grounds for stop, search, entry, arrest or eviction.")}</strong>{" "}
        {t("It counts recorded events, and recording differs between places.")}
      </p>
      {welsh && <p>{t("The Welsh of this page was made by machine and has not yet been reviewed by a Welsh speaker.")}</p>}
      <dl>
        <div>
          <dt>{t("Run")}</dt>
          <dd>
            <code>{run.run}</code>
          </dd>
        </div>
        <div>
          <dt>{t("Data as of")}</dt>
          <dd>{day(run.as_of)}</dd>
        </div>
        <div>
          <dt>{t("Model")}</dt>
          <dd>{wordsOf(run.model, "title", "id")}</dd>
        </div>
        <div>
          <dt>{t("Made")}</dt>
          <dd>{day(run.created)}</dd>
        </div>
      </dl>
    </footer>
  );
}
