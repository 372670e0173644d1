/* Counting: a lot is found by typing or by its label, and what was written is marked as written. */

import { offerCamera, watchKeys } from "./till/scan.js";

const lots = [...document.querySelectorAll("form[data-lot]")];
const find = document.querySelector("[data-find-lot]");

const show = (said) => {
  const wanted = said.trim().toLowerCase();
  for (const lot of lots) lot.hidden = !lot.dataset.lot.toLowerCase().includes(wanted);
};
find.addEventListener("input", () => show(find.value));

/* A label that was read: its box, or the box for goods that nobody expected here. */
const scanned = (code) => {
  const said = code.trim().toUpperCase().split("/").at(-1);
  const lot = lots.find((one) => one.dataset.lot.startsWith(`${said} `));
  find.value = "";
  show("");
  const form = lot ?? document.querySelector("form[data-stray]");
  if (!lot) form.elements.namedItem("kode").value = said;
  form.scrollIntoView({ block: "center" });
  [...form.elements].find((box) => box.inputMode === "numeric").focus();
};
watchKeys(scanned);
const labels = document.querySelector("[data-labels]");
const files = JSON.parse(labels.dataset.labels);
if (!globalThis.BarcodeDetector) for (const file of Object.values(files)) fetch(file).catch(() => {}); // For later, without signal.
offerCamera(labels, files, scanned, () => {
  const told = labels.querySelector("[data-camera-said]");
  told.textContent = told.dataset.none;
});

for (const lot of lots) {
  lot.addEventListener("act", ({ detail }) => {
    lot.querySelector("button[type=submit]").classList.toggle("button--quiet", detail.state !== "refused");
  });
}
