// Says politely, two minutes before, that the session ends, and lets it be put off without leaving the page.
// Without this script the page states the time, and its link keeps the session by opening in a new tab.
const SOON_S = 120;
const LOOK_MS = 5000;
const SEEN = "peelian-session-seen"; // the last page opened in any tab: each puts the end off for all
const SLACK_MS = 30000; // the server counts requests in steps of this length

const here = document.getElementById("session");
const said = here.querySelector("[role=status]");
const opened = Date.now();
let idleEnds = opened + 1000 * here.dataset.idle;
const lastEnds = opened + 1000 * here.dataset.last;
const idleFor = 1000 * here.dataset.idle;

function say(what) {
  if (said.textContent !== said.dataset[what]) said.textContent = said.dataset[what] ?? "";
}

function look() {
  const seen = Number(localStorage.getItem(SEEN) ?? 0);
  if (seen > opened) idleEnds = Math.max(idleEnds, seen + idleFor - SLACK_MS);
  const left = Math.min(idleEnds, lastEnds) - Date.now();
  here.classList.toggle("soon", left <= 1000 * SOON_S);
  if (left <= 0) say("over");
  else if (left <= 1000 * SOON_S) say(lastEnds <= idleEnds ? "final" : "soon");
  else if (said.textContent !== said.dataset.stays) say("");
  if (left > 0) setTimeout(look, LOOK_MS);
}

async function stay(event) {
  event.preventDefault();
  const answer = await fetch(event.currentTarget.href, { headers: { accept: "text/html" } });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const next = page.getElementById("session");
  if (!next) {
    say("over");
    return;
  }
  idleEnds = Date.now() + 1000 * next.dataset.idle;
  localStorage.setItem(SEEN, String(Date.now()));
  here.querySelector("p").firstChild.textContent = next.querySelector("p").firstChild.textContent;
  here.classList.remove("soon");
  say("stays");
}

localStorage.setItem(SEEN, String(opened));
here.querySelector("a").addEventListener("click", stay);
setTimeout(look, LOOK_MS);
