// The phone's page: nearest first (worked out here, never sent), visits sent now or when back in reach.
const state = document.getElementById("state");
const list = document.getElementById("stops");
const run = state.dataset.run;
const QUEUE = "peelian-visits";
const MOST = 200;

if ("serviceWorker" in navigator) navigator.serviceWorker.register("/today-worker.js", { scope: "/today" });

const say = (words) => {
  state.textContent = words;
};

// Nearest first.
const nearest = document.getElementById("nearest");
if ("geolocation" in navigator) {
  nearest.hidden = false;
  document.getElementById("where-note").hidden = false;
  nearest.addEventListener("click", () => {
    say("Looking for where you are.");
    navigator.geolocation.getCurrentPosition(order, () => say("Where you are is not known: the order stays."), {
      maximumAge: 60000,
      timeout: 15000,
    });
  });
}

function order({ coords }) {
  const stops = [...list.children].map((stop) => [metres(coords, stop.dataset), stop]);
  stops.sort((a, b) => a[0] - b[0]);
  for (const [away, stop] of stops) {
    stop.querySelector(".away").textContent = `${words(away)} away in a straight line.`;
    list.append(stop);
  }
  document.getElementById("order").textContent = "Order: nearest first.";
  say("The list is ordered: nearest first.");
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
        say(`A visit was not taken: ${said.what ?? "it cannot be logged"}. Enter it in the register.`);
        return;
      }
    }
    if (sent) say(name && sent === 1 ? `Visit to ${name} logged.` : `${sent} ${sent === 1 ? "visit" : "visits"} logged.`);
  } catch {
    const many = read().length;
    say(`Out of reach: ${many} ${many === 1 ? "visit waits" : "visits wait"} on this phone and will be sent.`);
  } finally {
    sending = false;
  }
}

addEventListener("online", () => send());
if (!navigator.onLine) say("Out of reach: this is the list kept on this phone.");
if (read().length) send();
