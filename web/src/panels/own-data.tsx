import { t, woven } from "../language";
import { useState } from "preact/hooks";

/** The first of the month before last: public data reach about that far. */
function recent(): string {
  const at = new Date();
  const first = new Date(Date.UTC(at.getFullYear(), at.getMonth() - 1, 1));
  return first.toISOString().slice(0, 10);
}

function Command({ step, words, text }: { step: number; words: string; text: string }) {
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard?.writeText(text).catch(() => undefined);
    setCopied(true);
    setTimeout(() => setCopied(false), 2000);
  };
  return (
    <li>
      <p>
        <b>{step}</b> {words}
      </p>
      <div class="command">
        <code tabIndex={0}>{text}</code>
        <button type="button" class="quiet" onClick={() => void copy()}>
          {copied ? t("Copied") : t("Copy")}
          <span class="unseen"> {t("command {step}", { step })}</span>
        </button>
      </div>
    </li>
  );
}

export function OwnData() {
  return (
    <section class="own-data" id="own-data" aria-labelledby="own-data-title">
      <h2 id="own-data-title">{t("Use your own data")}</h2>
      <p>
        {t("A download from data.police.uk works as it is. Other files need a mapping of a few lines. Nothing leaves this computer.")}{" "}
        {woven("{choose}, or type two commands:", { choose: <a href="./start">{t("Choose your files here")}</a> })}
      </p>
      <ol>
        <Command
          step={1}
          words={t("Read the download in; each line is accepted, or set aside with a reason.")}
          text=".venv/bin/peelian --home my-area ingest police-uk DOWNLOAD.zip"
        />
        <Command
          step={2}
          words={t("Forecast the next month.")}
          text={`.venv/bin/peelian --home my-area forecast --target violence --every month --origin ${recent()} --horizon 1`}
        />
      </ol>
      <p>
        {woven("Then {command} opens this page on your area.", {
          command: <code>.venv/bin/peelian --home my-area serve</code>,
        })}{" "}
        <a href="./use-your-own-data">{t("More on files and mappings")}</a>
      </p>
    </section>
  );
}
