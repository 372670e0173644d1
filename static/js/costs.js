/* What a maker keeps of a price, and which price is fair: cooperatives/costing.py on the phone.
   A calculator is an element with data-rate (basis points of kiosk, cooperative and operator);
   tests/journeys/test_amounts.py compares both. */

import { parseCount, parseRupiah, rupiah } from "./amounts.js";

const WHOLE = 10_000;
const STEP = 500;

/* Each share rounds half up for itself; the maker gets the exact rest. */
export const received = (price, rate) =>
  rate.reduce((left, share) => left - Math.min(Math.floor((2 * price * share + WHOLE) / (2 * WHOLE)), left), price);

/* The lowest round price that leaves her cost and gain, or null. */
export const fairPrice = (cost, gain, rate) => {
  const left = WHOLE - rate.reduce((all, share) => all + share, 0);
  if (cost <= 0 || left <= 0) return null;
  const wanted = Math.ceil((cost * (100 + gain)) / 100);
  let price = Math.ceil((wanted * WHOLE) / (left * STEP)) * STEP;
  while (received(price, rate) < wanted) price += STEP;
  return price <= 1e9 ? price : null;
};

/* The cost of one piece as far as it is typed, or null while a box cannot be read. */
const costOf = (calculator) => {
  const boxes = [...calculator.querySelectorAll("[data-cost]")].map((box) => (box.value.trim() ? parseRupiah(box.value) : 0));
  const pieces = parseCount(calculator.querySelector("[data-pieces]").value);
  if (!pieces || boxes.includes(null)) return null;
  return Math.ceil(boxes.reduce((all, one) => all + one, 0) / pieces);
};

for (const calculator of document.querySelectorAll("[data-rate]")) {
  const rate = JSON.parse(calculator.dataset.rate);
  const told = calculator.querySelector("[data-told]");
  const use = calculator.querySelector("[data-use]");
  const count = () => {
    const cost = costOf(calculator);
    const gain = Number(calculator.querySelector("[data-gain]").value);
    const price = cost && fairPrice(cost, gain, rate);
    told.hidden = !price;
    if (use) use.hidden = !price;
    if (!price) return;
    const kept = received(price, rate);
    const figures = { cost, price, kept, profit: kept - cost };
    for (const part of told.querySelectorAll("[data-figure]")) {
      part.textContent = rupiah(figures[part.dataset.figure]);
    }
    Object.assign(calculator.dataset, { cost, price });
  };
  calculator.addEventListener("input", count);
  count();
}
