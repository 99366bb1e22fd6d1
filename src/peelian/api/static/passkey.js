// Passkeys. Without this file, or in a browser that has none, its buttons stay hidden and the forms do.
"use strict";
const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
const post = async (address, body) => {
  const answer = await fetch(address, {
    method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error("refused");
  return answer.json();
};
const plain = (made) => {
  const said = { id: made.id, rawId: text(made.rawId), type: made.type, response: {}, clientExtensionResults: {} };
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (made.response[name]) said.response[name] = text(made.response[name]);
  }
  return said;
};
const use = async () => {
  const options = await post("/sign-in/passkey/options", {});
  options.challenge = bytes(options.challenge);
  const publicKey = { ...options, allowCredentials: (options.allowCredentials || []).map((c) => ({ ...c, id: bytes(c.id) })) };
  return post("/sign-in/passkey", plain(await navigator.credentials.get({ publicKey })));
};
const make = async () => {
  const options = await post("/sign-in/passkey/new/options", {});
  options.challenge = bytes(options.challenge);
  options.user.id = bytes(options.user.id);
  options.excludeCredentials = (options.excludeCredentials || []).map((c) => ({ ...c, id: bytes(c.id) }));
  return post("/sign-in/passkey/new", plain(await navigator.credentials.create({ publicKey: options })));
};
if (window.PublicKeyCredential) {
  for (const place of document.querySelectorAll("[data-passkey]")) {
    place.hidden = false;
    place.querySelector("button").addEventListener("click", async () => {
      const status = place.querySelector("[role=status]");
      status.textContent = status.dataset.waiting;
      try {
        location.assign((await (place.dataset.passkey === "new" ? make() : use())).to);
      } catch {
        status.textContent = status.dataset.failed;
      }
    });
  }
}
