/* The cart in its sheet: pieces, what is let off, and the code of whoever invited the buyer. */

import { redraw } from "./goods.js";
import { filled, make, now, press, sheet, words } from "./page.js";
import { isInvite, rupiah } from "./sums.js";

const { cart } = now;
const of = sheet("cart");

const letOff = (line) => {
  const off = make("input");
  Object.assign(off, { type: "number", min: 0, max: line.most, value: line.discount || "", placeholder: "0", inputMode: "numeric" });
  off.addEventListener("change", () => {
    line.discount = Math.max(0, Math.min(line.most, Math.floor(Number(off.value)) || 0));
    draw();
  });
  const label = make("label", "till-off", filled(words.off, { most: rupiah(line.most) }));
  label.append(off);
  return label;
};

const row = (line) => {
  const step = (by, word, sign) => press("button--secondary", sign, () => {
    line.quantity += by;
    cart.lines = cart.lines.filter((each) => each.quantity > 0);
    draw();
  }, `${word} ${line.name}`);
  const name = make("p");
  name.append(make("b", "", line.name), make("span", "note", line.who));
  const many = make("p", "row");
  many.append(step(-1, words.less, "−"), make("b", "", String(line.quantity)), step(1, words.more, "+"), make("b", "", rupiah(line.quantity * (line.listed - line.discount))));
  const drawn = make("li", "till-line");
  drawn.append(name, many);
  if (line.most) drawn.append(letOff(line));
  return drawn;
};

const draw = () => {
  of.querySelector("[data-lines]").replaceChildren(...cart.lines.map(row));
  of.querySelector("[data-sum]").textContent = rupiah(cart.total);
  of.querySelector("[data-invite]").value = cart.invite;
  if (!cart.lines.length) of.close();
  redraw();
};

of.querySelector("[data-invite]").addEventListener("change", ({ target }) => {
  cart.invite = target.value;
  of.querySelector("[data-invite-wrong]").textContent = cart.invite && !isInvite(cart.invite) ? words.strange : "";
});

export const openCart = () => { draw(); of.showModal(); };
