// The thread on show: keeps the items that it has, changes only those that changed.

import { element } from "./elements.js";
import { renderItem } from "./items.js";

const LATEST = 500;
const NEAR_END = 120; // pixels

function dayOf(instant) {
  const options = { weekday: "long", day: "numeric", month: "long" };
  return new Date(instant).toLocaleDateString([], options);
}

export class Thread {
  constructor(scroller, list, act) {
    this.scroller = scroller;
    this.list = list;
    this.act = act;
    this.clear();
  }

  clear() {
    this.list.replaceChildren();
    this.rows = new Map();
    this.last = null;
    this.day = "";
    this.seen = 0;
  }

  /** Take the items that are new or changed; stay at the end if the reader was there. */
  show(items, asOf) {
    const { scrollTop, scrollHeight, clientHeight } = this.scroller;
    const atEnd = this.seen === 0 || scrollHeight - scrollTop - clientHeight < NEAR_END;
    for (const item of items) this.put(item);
    this.seen = asOf;
    this.trim();
    if (atEnd) this.scroller.scrollTop = this.scroller.scrollHeight;
  }

  put(item) {
    const row = this.rows.get(item.sid);
    if (row) {
      this.replace(row, item);
      return;
    }
    const day = dayOf(item.at);
    if (day !== this.day) this.list.append(element("li", { class: "day" }, day));
    this.day = day;
    const node = renderItem(item, this.last, this.act);
    this.rows.set(item.sid, { node, previous: this.last });
    this.list.append(node);
    this.last = item;
  }

  replace(row, item) {
    const focused = row.node.contains(document.activeElement)
      ? document.activeElement.dataset.act
      : undefined;
    const node = renderItem(item, row.previous, this.act);
    row.node.replaceWith(node);
    row.node = node;
    if (focused) node.querySelector(`[data-act="${CSS.escape(focused)}"]`)?.focus();
  }

  trim() {
    for (const [sid, row] of this.rows) {
      if (this.rows.size <= LATEST) break;
      row.node.remove();
      this.rows.delete(sid);
    }
  }
}
