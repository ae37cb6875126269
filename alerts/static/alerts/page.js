/* What the alert page does by itself where scripts run; without them its links and forms do it all. */
"use strict";

(() => {
  const VISIBLE_MS = 15000;
  const HIDDEN_MS = 60000;
  const MINUTE_MS = 60000;
  const status = document.getElementById("status");
  const offline = document.getElementById("offline");
  const live = () => document.getElementById("live");
  let timer = 0;
  let clockOffset = 0; // the server's clock minus this phone's

  const serverNow = () => Date.now() + clockOffset;

  function writeAges() {
    for (const age of live().querySelectorAll("[data-since]")) {
      const minutes = Math.max(0, Math.floor((serverNow() - Date.parse(age.dataset.since)) / MINUTE_MS));
      const hours = Math.floor(minutes / 60);
      const pattern = hours ? live().dataset.agoHours : live().dataset.agoMinutes;
      const rest = hours ? String(minutes % 60).padStart(2, "0") : String(minutes);
      age.textContent = pattern.replace("{h}", String(hours)).replace("{m}", rest);
    }
  }

  function writeSeenAt() {
    const seen = document.getElementById("seen-at");
    const now = new Date();
    seen.textContent = now.toTimeString().slice(0, 8);
    seen.dateTime = now.toISOString();
    writeAges();
  }

  function prepare() {
    clockOffset = Date.parse(live().dataset.now) - Date.now();
    if (!navigator.clipboard) return;
    for (const button of live().querySelectorAll("[data-copy]")) button.hidden = false;
  }

  async function copy(button) {
    const lines = document.querySelectorAll(`#${button.dataset.copy} > li`);
    await navigator.clipboard.writeText([...lines].map((line) => line.textContent).join("\n"));
    status.textContent = button.dataset.done;
    button.textContent = button.dataset.done;
  }

  /* Replace the page's content by the present one: what was unfolded or focused stays so. */
  async function refresh(announcement) {
    const answer = await fetch(location.pathname + location.search, { cache: "no-store" });
    if (!answer.ok) return location.reload();
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.getElementById("live");
    if (!fresh) return location.reload();
    for (const open of live().querySelectorAll("details[open][id]")) {
      const same = fresh.querySelector(`#${open.id}`);
      if (same) same.open = true;
    }
    const focused = document.activeElement && document.activeElement.id;
    live().replaceWith(document.adoptNode(fresh));
    prepare();
    const again = focused && document.getElementById(focused);
    if (again) again.focus({ preventScroll: true });
    status.textContent = announcement;
  }

  async function poll() {
    try {
      const answer = await fetch(live().dataset.state, {
        cache: "no-store",
        headers: { "If-None-Match": live().dataset.etag },
      });
      if (answer.status === 404) return location.reload();
      if (answer.status === 200) await refresh((await answer.json()).announcement);
      if (answer.status < 400) {
        offline.hidden = true;
        writeSeenAt();
      }
    } catch {
      offline.hidden = false; // what is on the page stays
    }
    plan();
  }

  function plan() {
    clearTimeout(timer);
    timer = setTimeout(poll, document.hidden ? HIDDEN_MS : VISIBLE_MS);
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-copy]");
    if (button) copy(button);
  });
  document.addEventListener("visibilitychange", () => (document.hidden ? plan() : poll()));
  window.addEventListener("online", poll);
  prepare();
  plan();
})();
