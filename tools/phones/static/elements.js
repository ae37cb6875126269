// Small helpers to build the page. Text is always set as text, never as HTML.

const SVG = "http://www.w3.org/2000/svg";
const LINK = /https?:\/\/[^\s<>"]+[^\s<>".,;:!?)]/g;

/** Return an element with attributes (functions become listeners) and children. */
export function element(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") node.addEventListener(name, value);
    else if (value === true) node.setAttribute(name, "");
    else if (value !== false && value != null) node.setAttribute(name, value);
  }
  node.append(...children.filter((child) => child != null && child !== false));
  return node;
}

/** Return one of the symbols at the top of the page. */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  const use = document.createElementNS(SVG, "use");
  svg.setAttribute("aria-hidden", "true");
  use.setAttribute("href", `#icon-${name}`);
  svg.append(use);
  return svg;
}

/** Return a text as nodes in which addresses can be followed. */
export function withLinks(text) {
  const nodes = [];
  let end = 0;
  for (const match of text.matchAll(LINK)) {
    nodes.push(text.slice(end, match.index));
    const attributes = { href: match[0], target: "_blank", rel: "noopener noreferrer" };
    nodes.push(element("a", attributes, match[0]));
    end = match.index + match[0].length;
  }
  return [...nodes, text.slice(end)];
}

/** Return a French number in pairs, any other as it is. */
export function spaced(number) {
  return number.replace(/^\+33(\d)(\d\d)(\d\d)(\d\d)(\d\d)$/, "+33 $1 $2 $3 $4 $5");
}

/** Return the time of day of an instant, as a time element that tells the second. */
export function clock(instant) {
  const moment = new Date(instant);
  const short = moment.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  return element("time", { datetime: instant, title: moment.toLocaleString() }, short);
}

/** Fill a round mark with a phone's initials and a colour of its own. */
export function fillAvatar(node, phone) {
  const digits = phone.number.replace(/\D/g, "");
  node.textContent = phone.name ? phone.name.trim().slice(0, 1).toUpperCase() : digits.slice(-2);
  node.dataset.hue = String(Number(digits.slice(-3)) % 6);
  return node;
}
