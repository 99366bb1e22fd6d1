// The phone's page: nearest first (worked out here, never sent), visits sent now or when back in reach.
const state = document.getElementById("state");
const list = document.getElementById("stops");
const run = state.dataset.run;
const QUEUE = "peelian-visits";
const MOST = 200;

if ("serviceWorker" in navigator) navigator.serviceWorker.register("/today-worker.js", { scope: "/today" });

const texts = JSON.parse(state.dataset.words ?? "{}");
const text = (key, values = {}) => (texts[key] ?? "").replace(/\{(\w+)\}/g, (_, name) => values[name]);
const say = (key, values) => {
  state.textContent = text(key, values);
};

// Nearest first.
const nearest = document.getElementById("nearest");
if ("geolocation" in navigator) {
  nearest.hidden = false;
  document.getElementById("where-note").hidden = false;
  nearest.addEventListener("click", () => {
    say("looking");
    navigator.geolocation.getCurrentPosition(order, () => say("lost"), {
      maximumAge: 60000,
      timeout: 15000,
    });
  });
}

function order({ coords }) {
  const stops = [...list.children].map((stop) => [metres(coords, stop.dataset), stop]);
  stops.sort((a, b) => a[0] - b[0]);
  for (const [away, stop] of stops) {
    stop.querySelector(".away").textContent = text("away", { far: words(away) });
    list.append(stop);
  }
  document.getElementById("order").textContent = text("order");
  say("ordered");
}

// Great-circle distance in metres.
function metres(here, there) {
  const rad = Math.PI / 180;
  const [a, b] = [here.latitude * rad, Number(there.lat) * rad];
  const half = (x) => Math.sin(x / 2) ** 2;
  const h = half(b - a) + Math.cos(a) * Math.cos(b) * half((Number(there.lon) - here.longitude) * rad);
  return 2 * 6371008.8 * Math.asin(Math.sqrt(h));
}

const words = (m) => (m < 950 ? `${Math.max(50, Math.round(m / 50) * 50)} m` : `${(m / 1000).toFixed(1)} km`);

// Visits: place, key, minutes and the time it ended. Kept only until they are sent.
const read = () => {
  try {
    return JSON.parse(localStorage.getItem(QUEUE) ?? "[]");
  } catch {
    return [];
  }
};
const write = (visits) => localStorage.setItem(QUEUE, JSON.stringify(visits.slice(-MOST)));
const fresh = () => [...crypto.getRandomValues(new Uint8Array(16))].map((b) => b.toString(16).padStart(2, "0")).join("");

list.addEventListener("submit", (event) => {
  event.preventDefault();
  const form = event.target;
  const visit = {
    run,
    cell: form.elements.cell.value,
    key: fresh(),
    minutes: event.submitter.value,
    ended: new Date().toISOString(),
  };
  write([...read(), visit]);
  const fold = form.closest("details");
  fold.open = false;
  fold.querySelector("summary").focus();
  send(form.closest(".stop").querySelector("h2").textContent);
});

let sending = false;
async function send(name = "") {
  if (sending) return;
  sending = true;
  let sent = 0;
  try {
    for (const visit of read()) {
      const { run: of, ...body } = visit;
      const answer = await fetch(`/api/v1/runs/${encodeURIComponent(of)}/visits`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(body),
      });
      if (answer.status === 401 || answer.status === 403 || answer.status >= 500) throw new Error("later");
      write(read().filter((one) => one.key !== visit.key));
      if (answer.ok) sent += 1;
      else {
        const said = await answer.json().catch(() => ({}));
        say("refused", { why: said.what ?? text("cannot") });
        return;
      }
    }
    if (sent) say(name && sent === 1 ? "logged" : sent === 1 ? "sent" : "sents", { n: sent, name });
  } catch {
    const many = read().length;
    say(many === 1 ? "waits" : "wait", { n: many });
  } finally {
    sending = false;
  }
}

addEventListener("online", () => send());
if (!navigator.onLine) say("kept");
if (read().length) send();
