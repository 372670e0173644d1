/* The page of the till: its pieces by name, its words, its questions, and what stands in the way. */

import { Cart } from "./sums.js";

export const root = document.querySelector("[data-till]");
export const words = JSON.parse(root.dataset.words);
export const at = (name) => root.querySelector(`[data-${name}]`);
export const sheet = (name) => document.querySelector(`dialog[data-sheet=${name}]`);
export const make = (tag, className = "", text = "") => {
  const made = document.createElement(tag);
  if (className) made.className = className;
  made.textContent = text;
  return made;
};
export const press = (className, text, pressed, label = "") => {
  const button = make("button", `button ${className}`, text);
  button.type = "button";
  if (label) button.setAttribute("aria-label", label);
  button.addEventListener("click", pressed);
  return button;
};
export const filled = (text, facts) => text.replace(/\{(\w+)\}/g, (_all, name) => facts[name]);

/** What all parts of the till know: the day's goods, this phone as a till, its sales, and the cart. */
export const now = { catalogue: JSON.parse(root.dataset.catalogue), shelf: null, own: null, mine: [], cart: new Cart() };
export const place = () => now.catalogue.place;
export const inPlace = (sale) => sale.place === place().id;

/* What stands in the way of selling: another tab, another phone, no right, or no sign yet. */
const blocks = new Set();
export const blocked = () => ["tab", "taken", "closed", "unsigned"].find((each) => blocks.has(each));
export const block = (why, isSo) => {
  blocks[isSo ? "add" : "delete"](why);
  const first = blocked();
  at("blocked").hidden = !first;
  at("blocked-words").textContent = first ? words[first] : "";
  at("work").hidden = Boolean(first);
};
export const say = (text, kind = "info") => {
  at("said").textContent = text;
  at("said").className = text ? `notice notice--${kind}` : "";
};

/** A question with a few answers; nothing where she turns away. */
export const choose = (title, options) => new Promise((done) => {
  const ask = sheet("ask");
  ask.querySelector("h2").textContent = title;
  ask.querySelector("[data-options]").replaceChildren(...options.map(({ label, note, value }) => {
    const button = press("button--secondary button--broad", "", () => { done(value); ask.close(); });
    button.append(make("b", "", label), make("span", "note", note ?? ""));
    return button;
  }));
  ask.addEventListener("close", () => done(undefined), { once: true });
  ask.showModal();
});
