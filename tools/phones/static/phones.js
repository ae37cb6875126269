// The page: follows the network and shows the phone that the address names.

import { fillMenu, inherit, showInMenu, warning } from "./behaviours.js";
import { fillAvatar, spaced } from "./elements.js";
import { renderList } from "./list.js";
import { network } from "./network.js";
import { Thread } from "./thread.js";

const PAUSE = 200; // milliseconds between two looks, so that a burst is drawn in a few strokes
const PATIENCE = 2000; // milliseconds before trying again when the network is away
const NOTICE = 6000; // milliseconds that a notice stays
const wide = matchMedia("(min-width: 45.01rem)");

const find = (id) => document.getElementById(id);
const phones = new Map();
const seen = new Map(); // number → how many items were there when it was last looked at
const thread = new Thread(find("log"), find("items"), actOnCall);
let open = "";
let since = 0;

function sleep(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

let noticeTimer;
function notice(text) {
  find("notice").textContent = text;
  find("notice").hidden = false;
  clearTimeout(noticeTimer);
  noticeTimer = setTimeout(() => (find("notice").hidden = true), NOTICE);
}

/** Do something with the network and say so when it cannot be done. */
async function attempt(work) {
  try {
    return await work();
  } catch (error) {
    notice(error.message);
    return null;
  }
}

function actOnCall(call, action) {
  const isKey = /^[0-9*#]$/.test(action);
  return attempt(() => (isKey ? network.press(call.sid, action) : network.act(call.sid, action)));
}

function drawHead() {
  const phone = phones.get(open);
  find("empty").hidden = Boolean(phone);
  find("open").hidden = !phone;
  if (!phone) return;
  fillAvatar(find("thread-avatar"), phone);
  find("thread-name").textContent = phone.name || spaced(phone.number);
  find("thread-number").textContent = phone.name ? spaced(phone.number) : "";
  const told = warning(phone.behaviour);
  find("settings-label").textContent = told || "Behaves normally";
  find("settings").toggleAttribute("data-bad", Boolean(told));
  showInMenu(find("own-sms"), "sms", phone.behaviour.sms);
  showInMenu(find("own-calls"), "calls", phone.behaviour.calls);
  if (document.activeElement !== find("own-name")) find("own-name").value = phone.name;
}

function drawEveryone(behaviour) {
  showInMenu(find("everyone-sms"), "sms", behaviour.sms);
  showInMenu(find("everyone-calls"), "calls", behaviour.calls);
  find("everyone-chip").textContent = warning(behaviour);
  find("everyone-chip").hidden = !warning(behaviour);
}

function draw() {
  const phone = phones.get(open);
  if (phone) seen.set(open, phone.count);
  renderList(find("phones"), phones, open, seen);
  drawHead();
}

async function refreshThread() {
  const number = open;
  if (!phones.has(number)) return;
  const answer = await attempt(() => network.thread(number, thread.seen));
  if (answer && number === open) thread.show(answer.items, answer.as_of);
}

async function look(wait) {
  const answer = await network.changes(since, wait);
  if (answer.reset || answer.seq < since) {
    phones.clear();
    thread.clear();
  }
  const isFirst = since === 0;
  since = answer.seq;
  for (const phone of answer.phones) {
    phones.set(phone.number, phone);
    if (isFirst) seen.set(phone.number, phone.count);
  }
  for (const phone of phones.values()) inherit(phone.behaviour, answer.default_behaviour);
  drawEveryone(answer.default_behaviour);
  if (!open && wide.matches && phones.size) show(answer.phones[0]?.number ?? [...phones.keys()][0]);
  draw();
  if (answer.phones.some((phone) => phone.number === open)) await refreshThread();
}

async function follow() {
  for (let wait = 0; ; wait = 25) {
    try {
      await look(wait);
      await sleep(PAUSE);
    } catch {
      notice("The network is away. This page goes on as soon as it is back.");
      await sleep(PATIENCE);
    }
  }
}

function show(number) {
  open = number;
  thread.clear();
  document.querySelector(".app").dataset.view = number ? "thread" : "list";
}

async function followAddress() {
  show(decodeURIComponent(location.hash.slice(1)));
  draw();
  await refreshThread();
}

function wireMenus() {
  fillMenu(find("own-sms"), "sms", (fields) => attempt(() => network.set(open, fields)));
  fillMenu(find("own-calls"), "calls", (calls) => attempt(() => network.set(open, { calls })));
  fillMenu(find("everyone-sms"), "sms", (fields) => attempt(() => network.setAll(fields)));
  fillMenu(find("everyone-calls"), "calls", (calls) => attempt(() => network.setAll({ calls })));
  find("own-name").addEventListener("change", (event) =>
    attempt(() => network.set(open, { name: event.target.value })),
  );
  find("own-reset").addEventListener("click", () => attempt(() => network.reset(open)));
  document.addEventListener("click", (event) => {
    if (!find("settings").contains(event.target)) find("settings").open = false;
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") find("settings").open = false;
  });
}

function wireForms() {
  find("composer").addEventListener("submit", async (event) => {
    event.preventDefault();
    const text = find("text");
    const body = text.value.trim();
    if (!body) return;
    text.value = "";
    const answer = await attempt(() => network.reply(open, body));
    if (!answer) text.value = body;
    else if (answer.response_status == null) notice("The service could not be reached.");
    else if (answer.response_status >= 400) notice(`The service answered ${answer.response_status}.`);
  });
  find("add-phone").addEventListener("click", () => {
    find("new-phone").hidden = !find("new-phone").hidden;
    find("add-phone").setAttribute("aria-expanded", String(!find("new-phone").hidden));
    if (!find("new-phone").hidden) find("new-number").focus();
  });
  find("new-phone").addEventListener("submit", async (event) => {
    event.preventDefault();
    const number = find("new-number").value.replaceAll(" ", "");
    const name = find("new-name").value;
    if (!(await attempt(() => network.set(number, { name })))) return;
    event.target.reset();
    find("add-phone").click();
    location.hash = number;
  });
}

wireMenus();
wireForms();
addEventListener("hashchange", followAddress);
show(decodeURIComponent(location.hash.slice(1)));
follow();
