/* Five questions, one at a time, in one page load: what is typed is kept on the phone at once, the
   browser's Back goes one question back, and a tab that was closed goes on where it was.
   Without this file the page is one plain form. */

import { parseCount, parseGrams, parseRupiah, rupiah } from "./amounts.js";
import { reader } from "./claims.js";
import { received } from "./costs.js";
import { keep, recall } from "./drafts.js";

const form = document.querySelector("form.questions");
const rules = JSON.parse(form.dataset.rules);
const shares = JSON.parse(form.dataset.shares);
const key = `product:${form.dataset.person}:${form.dataset.shop}`;
const read = reader(rules);
const all = (selector) => [...form.querySelectorAll(selector)];
const box = (name) => form.elements.namedItem(name);
const sections = all("section[data-step]");
const steps = sections.map((section) => section.id);
const TYPED = ["name", "category", "price", "cost", "stock", "weight", "paper", "halal"];
const CHECKS = {
  nama: ["name", (typed) => (typed.trim() ? typed.trim() : null)],
  harga: ["price", (typed) => ((parseRupiah(typed) ?? 0) >= 100 ? parseRupiah(typed) : null)],
  stok: ["stock", parseCount],
  berat: ["weight", parseGrams],
};

let draft = { act: box("act_id").value, step: "foto", typed: {} };
let saving = Promise.resolve();
let hasPhoto = false;

const save = () => {
  draft.typed = Object.fromEntries(TYPED.map((name) => [name, box(name)?.value ?? ""]));
  const copy = structuredClone(draft);
  saving = saving.then(() => keep(key, copy)).catch(() => {}); // A full phone still has the page.
  return saving;
};

/* What is said while she types. */
const isEdible = () => !box("category").value || rules.edible.includes(box("category").value);
const isFood = () => rules.food.includes(box("category").value);
const answers = () => {
  const found = {};
  for (const [step, [name, check]] of Object.entries(CHECKS)) found[step] = check(box(name).value);
  return found;
};
const weigh = (grams) =>
  grams < 1000 ? `${grams} g` : `${(grams / 1000).toLocaleString("id-ID", { maximumFractionDigits: 3 })} kg`;

const sayPrice = (price) => {
  const told = form.querySelector("[data-price-words]");
  const kept = price === null ? null : received(price, shares);
  const cost = parseRupiah(box("cost").value || "");
  const words = { price: price && rupiah(price), kept: kept && rupiah(kept), profit: cost && kept > cost && rupiah(kept - cost) };
  const sentences = [told.dataset.words, words.profit ? told.dataset.gainWords : ""];
  told.textContent = price ? sentences.join(" ").replace(/\{(\w+)\}/g, (_, word) => words[word]) : "";
};

const sayClaims = () => {
  const found = read.findings(box("name").value, isEdible());
  for (const place of all("[data-claims]")) {
    place.replaceChildren(
      ...found.map((sentence) => {
        const line = document.createElement("p");
        line.className = "notice notice--warning";
        line.textContent = sentence;
        return line;
      }),
    );
  }
};

const say = () => {
  const told = answers();
  sayPrice(told.harga);
  sayClaims();
  form.querySelector("[data-weight-words]").textContent = told.berat ? weigh(told.berat) : "";
  const food = isFood();
  form.querySelector("[data-for-food]").hidden = !food;
  for (const note of all("[data-md]")) note.hidden = !(food && read.needsMd(box("name").value));
  form.querySelector("[data-draft]").hidden = !(food && !box("paper").value);
  const shelf = box("category").selectedOptions[0];
  const shown = {
    foto: hasPhoto ? form.dataset.photoChosen : form.dataset.photoNone,
    nama: [told.nama, shelf?.value && shelf.text].filter(Boolean).join(" · "),
    harga: told.harga ? form.querySelector("[data-price-words]").textContent : "",
    stok: told.stok === null ? "" : String(told.stok),
    berat: told.berat ? weigh(told.berat) : "",
  };
  for (const place of all("[data-answer]")) place.textContent = shown[place.dataset.answer] || "–";
};

/* One question at a time. */
const wrong = (step, is) => {
  const [name] = CHECKS[step];
  const field = box(name).closest(".field");
  const note = field.querySelector(".note");
  note.dataset.help ??= note.textContent;
  field.classList.toggle("field--wrong", is);
  box(name).setAttribute("aria-invalid", String(is));
  note.textContent = is ? box(name).dataset.wrong : note.dataset.help;
};

const show = (step) => {
  const told = answers();
  const missing = steps.slice(0, steps.indexOf(step)).find((one) => one in told && told[one] === null);
  if (missing) {
    history.replaceState(null, "", `#${missing}`);
    step = missing;
  }
  for (const section of sections) section.hidden = section.id !== step;
  const number = steps.indexOf(step);
  const where = form.querySelector("[data-where]");
  where.textContent = where.dataset.words
    .replace("{number}", number + 1)
    .replace("{all}", steps.length)
    .replace("{word}", sections[number].dataset.step);
  draft.step = step;
  say();
  save();
  const place = step in CHECKS ? box(CHECKS[step][0]) : sections[number];
  place.focus({ preventScroll: true });
  scrollTo(0, 0);
};

const go = (step) => {
  if (location.hash === `#${step}`) show(step);
  else location.hash = step;
};

const onward = () => {
  const step = draft.step;
  if (step in CHECKS) {
    const [name, check] = CHECKS[step];
    const is = check(box(name).value) === null;
    wrong(step, is);
    if (is) return box(name).focus();
  }
  go(steps[steps.indexOf(step) + 1]);
};

/* The photo: shown as chosen, and the last one counts. */
const shownPhoto = (file) => {
  const address = URL.createObjectURL(file);
  for (const image of all("[data-preview]")) {
    image.src = address;
    image.hidden = false;
  }
  form.querySelector("[data-with-photo]").hidden = false;
  form.querySelector("[data-without-photo]").hidden = true;
  hasPhoto = true;
  say();
};
for (const input of [box("camera"), box("gallery")]) {
  input.addEventListener("change", () => {
    if (!input.files[0]) return;
    for (const other of [box("camera"), box("gallery")]) if (other !== input) other.value = "";
    shownPhoto(input.files[0]);
    form.querySelector("[data-with-photo]").focus({ preventScroll: true });
  });
}

form.addEventListener("click", (event) => {
  if (event.target.closest("[data-on]")) onward();
});
form.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.target.tagName !== "INPUT" || draft.step === "lihat") return;
  event.preventDefault();
  onward();
});
form.addEventListener("input", (event) => {
  if (event.target === box("name") && !draft.chosen) box("category").value = read.shelf(box("name").value);
  if (event.target === box("category")) draft.chosen = Boolean(box("category").value);
  const step = steps.find((one) => CHECKS[one]?.[0] === event.target.name);
  if (step && event.target.getAttribute("aria-invalid") === "true") wrong(step, false);
  say();
  save();
});
form.querySelector("[data-use]").addEventListener("click", (event) => {
  const { cost, price } = event.target.closest("[data-rate]").dataset;
  box("price").value = Number(price).toLocaleString("id-ID");
  box("cost").value = cost;
  event.target.closest("details").open = false;
  box("price").focus();
  say();
  save();
});
addEventListener("hashchange", () => show(steps.includes(location.hash.slice(1)) ? location.hash.slice(1) : "foto"));

const begin = async () => {
  const known = await recall(key).catch(() => null);
  if (known) {
    draft = known;
    box("act_id").value = draft.act;
    for (const [name, typed] of Object.entries(draft.typed)) if (typed) box(name).value = typed;
  }
  const asked = location.hash.slice(1);
  show(steps.includes(asked) ? asked : draft.step);
  form.classList.add("asking");
};
begin();
