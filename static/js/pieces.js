/* Adds up the notes and coins of a drawer while they are typed; the house adds up by itself. */

import { parseCount, rupiah } from "./amounts.js";

for (const drawer of document.querySelectorAll("[data-pieces]")) {
  const boxes = [...drawer.querySelectorAll("[data-piece]")];
  const said = drawer.querySelector("[data-pieces-sum]");
  const add = () => {
    const sum = boxes.reduce((all, box) => all + Number(box.dataset.piece) * (parseCount(box.value) || 0), 0);
    said.textContent = rupiah(sum);
  };
  drawer.addEventListener("input", add);
  add();
}
