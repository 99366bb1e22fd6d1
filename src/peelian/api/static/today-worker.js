// Keeps the phone's page for a shift out of reach: its shell and the last list of places, nothing else.
// No page but /today is kept, nothing is kept longer than a shift, and what is sent is never kept here.
const STORE = "peelian-today-1";
const SHELL = ["/static/pages.css", "/static/today.js", "/static/today.webmanifest", "/static/mark.svg"];
const HOURS = 12;

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(STORE).then((store) => store.addAll(SHELL)).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    caches
      .keys()
      .then((names) => Promise.all(names.filter((name) => name !== STORE).map((name) => caches.delete(name))))
      .then(() => self.clients.claim()),
  );
});

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== self.location.origin) return;
  if (url.pathname === "/today") event.respondWith(page(event.request));
  else if (SHELL.includes(url.pathname)) event.respondWith(shell(event.request));
});

// The network's page is kept (one only: the last list); out of reach, the kept one while it is fresh.
async function page(request) {
  const store = await caches.open(STORE);
  try {
    const answer = await fetch(request);
    if (answer.status === 200 && !answer.redirected) {
      const headers = new Headers(answer.headers);
      headers.set("x-kept", String(Date.now()));
      const body = await answer.clone().blob();
      await store.put("/today", new Response(body, { status: 200, headers }));
    } else if (answer.status === 401 || answer.status === 403 || answer.redirected) {
      await store.delete("/today"); // signed out, or no longer allowed
    }
    return answer;
  } catch (error) {
    const kept = await store.match("/today");
    if (kept && Date.now() - Number(kept.headers.get("x-kept")) < HOURS * 3600e3) return kept;
    await store.delete("/today");
    return new Response("Out of reach, and no list of this shift is kept. Try again when there is a signal.", {
      status: 503,
      headers: { "content-type": "text/plain; charset=utf-8" },
    });
  }
}

async function shell(request) {
  try {
    const answer = await fetch(request);
    if (answer.ok) await (await caches.open(STORE)).put(new URL(request.url).pathname, answer.clone());
    return answer;
  } catch (error) {
    return (await caches.match(new URL(request.url).pathname)) ?? Response.error();
  }
}
