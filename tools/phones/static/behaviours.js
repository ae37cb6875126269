// The ways in which a number can be told to behave, as a menu.

import { element } from "./elements.js";

const STUMBLES = [
  ["Slow: answers after 5 s", { mode: "slow", seconds: 5 }],
  ["Server error (500)", { mode: "error_500" }],
  ["Too many requests (429)", { mode: "error_429" }],
  ["Broken answer, yet accepted", { mode: "bad_json", accepts: true }],
  ["Hangs, not accepted", { mode: "hang", accepts: false }],
  ["Hangs, yet accepted", { mode: "hang", accepts: true }],
  ["Connection lost, not accepted", { mode: "drop", accepts: false }],
  ["Connection lost, yet accepted", { mode: "drop", accepts: true }],
];

const MENUS = {
  sms: [
    ["Works", [["Delivers", { mode: "deliver" }]]],
    ["Refused at once", [
      ["Unsubscribed (21610)", { mode: "reject", code: 21610 }],
      ["Not a mobile (21614)", { mode: "reject", code: 21614 }],
      ["Invalid number (21211)", { mode: "reject", code: 21211 }],
      ["Region not allowed (21408)", { mode: "reject", code: 21408 }],
    ]],
    ["Accepted, then", [
      ["Phone unreachable (30003)", { mode: "undelivered", code: 30003 }],
      ["Unknown phone (30005)", { mode: "undelivered", code: 30005 }],
      ["Landline (30006)", { mode: "undelivered", code: 30006 }],
      ["Filtered by carrier (30007)", { mode: "undelivered", code: 30007 }],
      ["Failed (30008)", { mode: "failed", code: 30008 }],
      ["Silent: no receipts", { mode: "silent" }],
      ["Each receipt twice", { mode: "receipts_twice" }],
      ["Receipts in reverse", { mode: "receipts_reversed" }],
    ]],
    ["Trouble at the provider", STUMBLES],
  ],
  calls: [
    ["Works", [
      ["Rings", { mode: "ring" }],
      ["Answers by itself", { mode: "answer", keys: "" }],
      ["Answers, presses 1", { mode: "answer", keys: "1" }],
      ["Voicemail answers", { mode: "machine" }],
    ]],
    ["Not reached", [
      ["Nobody answers", { mode: "no_answer" }],
      ["Busy", { mode: "busy" }],
      ["Call fails", { mode: "failed" }],
      ["Refused at once (21217)", { mode: "reject", code: 21217 }],
      ["Silent: no callbacks", { mode: "silent" }],
    ]],
    ["Trouble at the provider", STUMBLES],
  ],
};
const CHANNELS = ["sms", "calls"];
const HARMLESS = new Set(["deliver", "ring", "answer", "machine"]);

function choices(channel) {
  return MENUS[channel].flatMap(([, options]) => options);
}

function indexOf(channel, behaviour) {
  return choices(channel).findIndex(([, fields]) =>
    Object.entries(fields).every(([name, value]) => behaviour[name] === value),
  );
}

function labelOf(channel, behaviour) {
  return choices(channel)[indexOf(channel, behaviour)]?.[0] ?? behaviour.mode;
}

/** Change what a number was not told itself into what all numbers do. */
export function inherit(behaviour, everyone) {
  for (const channel of CHANNELS) {
    if (!behaviour[channel].own) behaviour[channel] = { ...everyone[channel], own: false };
  }
}

/** Return a short warning when a phone does not simply work, or nothing. */
export function warning(behaviour, { ownOnly = false } = {}) {
  for (const channel of CHANNELS) {
    if (ownOnly && !behaviour[channel].own) continue;
    if (!HARMLESS.has(behaviour[channel].mode)) return labelOf(channel, behaviour[channel]);
  }
  return "";
}

/** Fill a select with a channel's menu; `choose` gets the fields of what is chosen. */
export function fillMenu(select, channel, choose) {
  let index = 0;
  for (const [title, options] of MENUS[channel]) {
    const entries = options.map(([label]) => element("option", { value: index++ }, label));
    select.append(element("optgroup", { label: title }, ...entries));
  }
  select.addEventListener("change", () => {
    if (select.value !== "other") choose(choices(channel)[Number(select.value)][1]);
  });
}

/** Show a behaviour in its menu, also one that the menu does not offer. */
export function showInMenu(select, channel, behaviour) {
  select.querySelector("[value=other]")?.remove();
  const index = indexOf(channel, behaviour);
  if (index < 0) select.append(element("option", { value: "other" }, `Told: ${behaviour.mode}`));
  select.value = index < 0 ? "other" : String(index);
}
