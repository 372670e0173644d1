/* Her stock: the number follows her presses at once, with signal or without; the house's answer, when
   it comes, sets it right. What still waits on the phone is counted in, also on a page kept offline. */

import { watch } from "./outbox.js";

const seen = new Map(); // Presses that waited while this page was open: id → size.
const left = new Map(); // What the house said last of each size.
const places = new Map();
for (const form of document.querySelectorAll("form.stock")) {
  const size = form.elements.namedItem("variant").value;
  places.set(size, form.querySelector("[data-left]"));
  left.set(size, Number(places.get(size).textContent));
}

const change = ({ press, quantity }) => (press === "more" ? 1 : press ? -1 : 0) * Number(quantity || 1);

watch((acts) => {
  const now = new Map(left);
  for (const act of acts) {
    const size = act.content?.variant ?? seen.get(act.id);
    if (act.kind !== "stock.change" || !places.has(size)) continue;
    if (act.state === "waiting") {
      seen.set(act.id, size);
      now.set(size, now.get(size) + change(act.content));
    } else if (act.state === "done" && seen.delete(act.id)) {
      now.set(size, now.get(size) - left.get(size) + act.answer.left);
      left.set(size, act.answer.left);
    }
  }
  for (const [size, place] of places) place.textContent = Math.max(0, now.get(size));
});
