// What a thread is made of: bubbles and call cards.

import { clock, element, icon, spaced, withLinks } from "./elements.js";

const KEYS = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "*", "0", "#"];
const ICONS = { queued: "clock", sent: "sent", delivered: "delivered" };
const STATES = {
  queued: "About to ring",
  ringing: "Ringing…",
  "in-progress": "On the line",
  completed: "Ended",
  busy: "Declined or busy",
  "no-answer": "Nobody answered",
  failed: "Could not be reached",
  canceled: "Cancelled by the caller",
};
const MISSED = new Set(["busy", "no-answer", "failed"]);

function meta(item) {
  if (item.direction === "from_phone") return element("p", { class: "meta" }, clock(item.at));
  const bad = item.status === "undelivered" || item.status === "failed";
  const status = bad
    ? `${item.status === "failed" ? "Failed" : "Not delivered"} · ${item.error_code}`
    : element("span", { class: "unseen" }, item.status);
  return element(
    "p",
    { class: `meta ${bad ? "bad" : item.status}`, title: item.status },
    clock(item.at),
    icon(bad ? "alert" : (ICONS[item.status] ?? "clock")),
    status,
    item.redacted && element("span", {}, "· erased at the provider"),
  );
}

function bubble(item, previous) {
  const sameSender = previous?.type === "message" && previous.from === item.from;
  const incoming = item.direction === "to_phone";
  return [
    incoming && !sameSender && element("p", { class: "sender" }, spaced(item.from ?? "Service")),
    element("div", { class: "bubble" }, element("p", { class: "text" }, ...withLinks(item.body))),
    meta(item),
  ];
}

function transcriptLine(line) {
  if (line.kind === "keys") return element("li", { class: "typed" }, `Pressed ${line.text}`);
  return element("li", { class: line.kind === "error" ? "trouble" : "said" }, line.text);
}

function actions(item, act) {
  const button = (label, action, kind) =>
    element(
      "button",
      { type: "button", class: `button ${kind}`, "data-act": action, click: () => act(item, action) },
      label,
    );
  if (item.status === "ringing") {
    const both = [button("Answer", "answer", ""), button("Decline", "decline", "stop")];
    return [element("div", { class: "call-actions" }, ...both)];
  }
  if (item.status !== "in-progress") return [];
  const keys = KEYS.map((key) =>
    element("button", { type: "button", class: "key", "data-act": key, click: () => act(item, key) }, key),
  );
  return [
    item.gathering && element("p", { class: "hint" }, "The caller waits for a key."),
    element("div", { class: "keypad", role: "group", "aria-label": "Keypad" }, ...keys),
    element("div", { class: "call-actions" }, button("Hang up", "hang-up", "stop")),
  ];
}

function callState(item) {
  if (item.status === "completed" && item.duration != null) return `Ended after ${item.duration} s`;
  if (item.status === "in-progress" && item.answered_by?.startsWith("machine")) return "On voicemail";
  return STATES[item.status] ?? item.status;
}

function call(item, act) {
  const live = item.status === "ringing" || item.status === "in-progress";
  const kind = live ? `live ${item.status}` : MISSED.has(item.status) ? "missed" : "";
  const state = element("p", { class: "call-state" }, callState(item), " · ", clock(item.at));
  const caller = element("span", { class: "unseen" }, "Call from ");
  const title = element("p", { class: "call-title" }, caller, spaced(item.from));
  return element(
    "div",
    { class: `call ${kind}` },
    element(
      "div",
      { class: "call-head" },
      element("span", { class: "call-icon" }, icon("phone")),
      element("div", {}, title, state),
    ),
    item.transcript.length > 0 &&
      element("ul", { class: "lines-said" }, ...item.transcript.map(transcriptLine)),
    ...actions(item, act),
  );
}

/** Return what the service tried in vain; the phone itself never heard of it. */
function refusal(item) {
  const what = item.body ?? "A call";
  const why = item.code ? `Refused · ${item.code}` : `Provider in trouble · ${item.mode}`;
  return [
    element("div", { class: "bubble ghost" }, element("p", { class: "text" }, what)),
    element("p", { class: "meta bad" }, clock(item.at), icon("alert"), why),
  ];
}

/** Return one item of a thread; `act` is told of the buttons of a call. */
export function renderItem(item, previous, act) {
  const attributes = { class: `row ${item.direction}`, "data-sid": item.sid };
  if (item.type === "call") return element("li", attributes, call(item, act));
  const content = item.type === "refusal" ? refusal(item) : bubble(item, previous);
  return element("li", attributes, ...content);
}

/** Return a few words about an item, for the list of phones. */
export function preview(item) {
  if (!item) return "Nothing yet";
  if (item.type === "call") return `Call: ${(STATES[item.status] ?? item.status).toLowerCase()}`;
  if (item.type === "refusal") return `Refused: ${item.body ?? "a call"}`;
  return `${item.direction === "from_phone" ? "You: " : ""}${item.body}`;
}
