import * as s from "../state";
import { capital, day, wordsOf } from "../words";

/** Said in plain sight, before anything else, when nothing on the page is real. */
export function SimulatedBanner() {
  if (!s.manifest.value?.simulated) return null;
  return (
    <aside class="simulated" aria-label="About these data">
      <strong>SIMULATED, fictional place.</strong> No real street, event or person is on this page.
    </aside>
  );
}

// The same order as on the plain pages (api/pages_html/base.html); a test compares the two.
const PAGES = [
  ["/list", "List"],
  ["/briefing", "Briefing"],
  ["/warnings", "Early warnings"],
  ["/plans", "Plans"],
  ["/evaluation", "Did it work?"],
  ["/data", "Data"],
] as const;

const MORE = [
  ["/today", "Today, on a phone"],
  ["/problems", "Problems"],
  ["/corrections", "Corrections"],
  ["/search", "Search"],
  ["/forces", "Forces"],
  ["/model", "Model and fairness"],
  ["/audit", "Audit"],
  ["/releases", "Releases"],
  ["/returns", "Returns"],
  ["/start", "Use your own data"],
  ["/help", "Guidance"],
  ["/glossary", "Glossary"],
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
          <span>Forecast from {day(run.origin)}</span>
        </p>
      )}
      {run && (
        <nav class="jump" aria-label="Pages">
          <a href="#evaluation">How good is it?</a>
          {PAGES.map(([to, words]) => (
            <a href={to}>{words}</a>
          ))}
          <details class="more">
            <summary>More</summary>
            <ul>
              {MORE.map(([to, words]) => (
                <li>
                  <a href={to}>{words}</a>
                </li>
              ))}
            </ul>
          </details>
        </nav>
      )}
    </header>
  );
}

export function Footer() {
  const run = s.manifest.value;
  if (!run) return null;
  return (
    <footer class="foot">
      <p>
        <strong>A forecast about places. Not grounds for stop, search, entry, arrest or eviction.</strong> It counts
        recorded events, and recording differs between places.
      </p>
      <dl>
        <div>
          <dt>Run</dt>
          <dd>
            <code>{run.run}</code>
          </dd>
        </div>
        <div>
          <dt>Data as of</dt>
          <dd>{day(run.as_of)}</dd>
        </div>
        <div>
          <dt>Model</dt>
          <dd>{wordsOf(run.model, "title", "id")}</dd>
        </div>
        <div>
          <dt>Made</dt>
          <dd>{day(run.created)}</dd>
        </div>
      </dl>
    </footer>
  );
}
