// The list of phones, latest change first.

import { clock, element, fillAvatar, spaced } from "./elements.js";
import { warning } from "./behaviours.js";
import { preview } from "./items.js";

const LONGEST = 300;

function row(phone, isOpen, unread) {
  const ringing = phone.last?.type === "call" && phone.last.status === "ringing";
  const told = warning(phone.behaviour, { ownOnly: true });
  const lines = element(
    "span",
    { class: "lines" },
    element("span", { class: "name" }, phone.name || spaced(phone.number)),
    element("span", { class: ringing ? "preview ringing" : "preview" }, preview(phone.last)),
    told && element("span", {}, element("span", { class: "chip" }, told)),
  );
  const aside = element(
    "span",
    { class: "aside" },
    phone.last ? clock(phone.last.at) : null,
    unread > 0 &&
      element("span", { class: "unread" }, String(unread), element("span", { class: "unseen" }, " new")),
  );
  const avatar = fillAvatar(element("span", { class: "avatar", "aria-hidden": "true" }), phone);
  const attributes = { class: "phone", href: `#${phone.number}`, "aria-current": isOpen && "true" };
  return element("li", {}, element("a", attributes, avatar, lines, aside));
}

/** Show the phones; keeps the focus on the phone that had it. */
export function renderList(list, phones, open, seen) {
  const focused = list.contains(document.activeElement)
    ? document.activeElement.getAttribute("href")
    : null;
  const latest = [...phones.values()].sort((one, other) => other.seq - one.seq).slice(0, LONGEST);
  const rows = latest.map((phone) =>
    row(phone, phone.number === open, phone.count - (seen.get(phone.number) ?? 0)),
  );
  list.replaceChildren(...rows);
  if (focused) list.querySelector(`[href="${CSS.escape(focused)}"]`)?.focus();
}
