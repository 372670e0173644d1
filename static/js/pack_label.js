/* The label form: the last good day follows the day of making, and who made it is remembered on
   this phone only, so that a home address is kept nowhere else. */

import { keep, recall } from "./drafts.js";
import { me } from "./outbox.js";

const form = document.querySelector("[data-label]");
const KEPT = ["maker", "street", "district_code", "postcode"];

const follow = () => {
  const made = form.elements.made_on.valueAsDate;
  if (!made || !form.dataset.days) return;
  made.setUTCDate(made.getUTCDate() + Number(form.dataset.days));
  form.elements.best_before.value = made.toISOString().slice(0, 10);
};

const begin = async () => {
  const key = `label:${me()}`;
  form.elements.made_on.addEventListener("change", follow);
  form.addEventListener("submit", () => {
    const typed = KEPT.map((name) => [name, form.elements[name].value]);
    keep(key, Object.fromEntries(typed)).catch(() => {}); // She types it again next time.
  });
  const known = await recall(key).catch(() => undefined);
  if (!known || form.querySelector("[aria-invalid]")) return;
  for (const name of KEPT) if (known[name]) form.elements[name].value = known[name];
};

if (form) begin();
