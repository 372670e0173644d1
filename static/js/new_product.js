/* Five questions, one at a time, in one page load: what is typed is kept on the phone at once, the
   browser's Back goes one question back, and a tab that was closed goes on where it was. The answers
   leave through the outbox and the photo by itself, whenever there is a line.
   Without this file, or where the phone keeps nothing, the page is one plain form. */

import { parseCount, parseGrams, parseRupiah, rupiah } from "./amounts.js";
import { reader } from "./claims.js";
import { received } from "./costs.js";
import { forget, keep, recall } from "./drafts.js";
import { follow, merge, stamp } from "./following.js";
import { list as outbox, me, newId, send, watch } from "./outbox.js";
import { keep as keepPhoto, list as photos, remove as dropPhoto, shrink, Unfit, watch as watchPhotos } from "./photo.js";
import { said } from "./unsent.js";

const form = document.querySelector("form.questions");
const words = form.dataset;
const rules = JSON.parse(words.rules);
const shares = JSON.parse(words.shares);
const key = `product:${me()}:${words.shop}`;
const read = reader(rules);
const one = (selector) => form.querySelector(selector);
const all = (selector) => [...form.querySelectorAll(selector)];
const box = (name) => form.elements.namedItem(name);
const sections = all("section[data-step]");
const steps = sections.map((section) => section.id);
const TYPED = ["name", "category", "price", "cost", "stock", "weight", "paper", "halal", "training"];
const PRICE_MIN = 100;
const CHECKS = {
  nama: ["name", (typed) => typed.trim() || null],
  harga: ["price", (typed) => ((parseRupiah(typed) ?? 0) >= PRICE_MIN ? parseRupiah(typed) : null)],
  stok: ["stock", parseCount],
  berat: ["weight", parseGrams],
};
const filled = (sentence, values) => sentence.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);

const fresh = () => ({ act: newId(), shop: Number(words.shop), step: steps[0], typed: {}, photo: null, stage: "asking",
  values: { step: steps[0] }, times: {} }); // What of it is known since when, for her other phone.
let draft = fresh();
let changed = () => {};
let isKept = true; // Whether this phone keeps drafts; if not, the form is sent as it always was.
let saving = Promise.resolve();

/** What she typed so far, on the disk. */
const save = () => {
  draft.typed = Object.fromEntries(TYPED.map((name) => [name, box(name)?.value ?? ""]));
  stamp(draft, { ...draft.typed, step: draft.step, photo: draft.photo ?? "" });
  changed();
  const copy = structuredClone(draft);
  saving = saving.then(() => keep(key, copy)).then(() => { one("[data-kept]").hidden = false; }, () => { isKept = false; });
  return saving;
};

/* What is said while she types. */

const isFood = () => rules.food.includes(box("category").value);
const isEdible = () => !box("category").value || rules.edible.includes(box("category").value);
const answers = () => Object.fromEntries(Object.entries(CHECKS).map(([step, [name, check]]) => [step, check(box(name).value)]));
const weighed = (grams) =>
  grams < 1000 ? `${grams} g` : `${(grams / 1000).toLocaleString("id-ID", { maximumFractionDigits: 3 })} kg`;

const sayPrice = (price) => {
  const told = one("[data-price-words]");
  const kept = price && received(price, shares);
  const cost = parseRupiah(box("cost").value);
  const sentences = [told.dataset.words, ...(cost && kept > cost ? [told.dataset.gainWords] : [])];
  const amounts = { price: rupiah(price), kept: rupiah(kept), profit: rupiah(kept - cost) };
  told.textContent = price ? filled(sentences.join(" "), amounts) : "";
};

const sayClaims = () => {
  const found = read.findings(box("name").value, isEdible());
  for (const place of all("[data-claims]")) {
    place.replaceChildren(...found.map((sentence) => {
      const line = document.createElement("p");
      line.className = "notice notice--warning";
      line.textContent = sentence;
      return line;
    }));
  }
};

const say = () => {
  const told = answers();
  sayPrice(told.harga);
  sayClaims();
  one("[data-weight-words]").textContent = told.berat ? weighed(told.berat) : "";
  const food = isFood();
  one("[data-for-food]").hidden = !food;
  for (const note of all("[data-md]")) note.hidden = !(food && read.needsMd(box("name").value));
  one("[data-draft]").hidden = !(food && !box("paper").value);
  const shelf = box("category").selectedOptions[0];
  const shown = {
    foto: draft.photo ? words.photoChosen : words.photoNone,
    nama: [told.nama, shelf?.value && shelf.text].filter(Boolean).join(" · "),
    harga: one("[data-price-words]").textContent,
    stok: told.stok === null ? "" : String(told.stok),
    berat: told.berat ? weighed(told.berat) : "",
  };
  for (const place of all("[data-answer]")) place.textContent = shown[place.dataset.answer] || "–";
};

/* One question at a time. */

const wrong = (step, is) => {
  const input = box(CHECKS[step][0]);
  const field = input.closest(".field");
  const note = field.querySelector(".note");
  note.dataset.help ??= note.textContent;
  field.classList.toggle("field--wrong", is);
  input.setAttribute("aria-invalid", String(is));
  note.textContent = is ? input.dataset.wrong : note.dataset.help;
};

const firstMissing = (before = steps.length) => {
  const told = answers();
  return steps.slice(0, before).find((step) => step in told && told[step] === null);
};

const show = (asked) => {
  const missing = firstMissing(steps.indexOf(asked));
  if (missing) history.replaceState(null, "", `#${missing}`);
  const step = missing ?? asked;
  for (const section of sections) section.hidden = section.id !== step;
  const number = steps.indexOf(step);
  const where = one("[data-where]");
  where.textContent = filled(where.dataset.words, { number: number + 1, all: steps.length, word: sections[number].dataset.step });
  draft.step = step;
  say();
  save();
  (step in CHECKS ? box(CHECKS[step][0]) : sections[number]).focus({ preventScroll: true });
  scrollTo(0, 0);
};

const asked = () => {
  const step = location.hash.slice(1);
  return steps.includes(step) ? step : null;
};
const go = (step) => {
  if (location.hash === `#${step}`) show(step);
  else location.hash = step;
};

const onward = () => {
  const { step } = draft;
  if (step in CHECKS) {
    const [name, check] = CHECKS[step];
    const is = check(box(name).value) === null;
    wrong(step, is);
    if (is) return box(name).focus();
  }
  go(steps[steps.indexOf(step) + 1]);
};

/* The photo: shrunk at once, kept on the phone, and on its way before its product. */

const showPhoto = (address) => {
  for (const image of all("[data-preview]")) {
    image.src = address;
    image.hidden = false;
  }
};
const hidePhoto = () => {
  for (const image of all("[data-preview]")) image.hidden = true;
  sayPhoto("");
};
const sayPhoto = (sentence) => {
  for (const place of all("[data-photo-word]")) place.textContent = sentence;
};
const photoReady = () => {
  one("[data-with-photo]").hidden = !draft.photo;
  one("[data-without-photo]").hidden = Boolean(draft.photo);
  say();
};

const takePhoto = async (file) => {
  sayPhoto(words.photoBusy);
  try {
    const blob = await shrink(file);
    const before = draft.photo;
    const id = newId();
    await keepPhoto(id, blob);
    draft.photo = id;
    showPhoto(URL.createObjectURL(blob));
    await save();
    if (before) await dropPhoto(before);
  } catch (error) {
    const reason = error instanceof Unfit ? error.message : "full";
    if (reason === "full") isKept = false; // It stays in its box and goes with the plain form.
    sayPhoto(words[`photo${reason[0].toUpperCase()}${reason.slice(1)}`]);
  }
  photoReady();
  one(draft.photo ? "[data-with-photo]" : "[data-without-photo]").focus({ preventScroll: true });
};
for (const input of [box("camera"), box("gallery")]) {
  input.addEventListener("change", () => {
    if (!input.files[0]) return;
    for (const other of [box("camera"), box("gallery")]) if (other !== input) other.value = "";
    takePhoto(input.files[0]);
  });
}

const clock = new Intl.DateTimeFormat(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
watchPhotos((known, line) => {
  const photo = known.find((each) => each.id === draft.photo);
  if (!photo) return;
  const values = { kb: Math.ceil(photo.size / 1000), time: photo.sent ? clock.format(photo.sent) : "" };
  const sentences = { kept: line === "sending" ? words.photoSending : words.photoKept, sent: words.photoSent, arrived: words.photoSent };
  sayPhoto(photo.state === "refused" ? photo.sentence : filled(sentences[photo.state], values));
});

/* Sending. */

const contentOf = (publish) => {
  const typed = (name) => box(name)?.value.trim() ?? "";
  const papers = [typed("paper"), typed("halal")].filter((paper) => paper && paper !== words.fresh);
  return {
    shop: draft.shop,
    name: typed("name"),
    category: typed("category"),
    price: typed("price"),
    cost: typed("cost"),
    stock: typed("stock"),
    weight: typed("weight"),
    permits: isFood() ? papers : [],
    keeps: isFood() && typed("paper") === words.fresh ? words.freshDays : "",
    photos: draft.photo ? [draft.photo] : [],
    training: typed("training"),
    publish,
  };
};

const finish = (id) => {
  for (const section of sections) section.hidden = true;
  for (const part of all("[data-where], [data-kept]")) part.hidden = true;
  const end = document.getElementById("selesai");
  end.hidden = false;
  end.focus({ preventScroll: true });
  scrollTo(0, 0);
  watch((acts, line) => {
    const act = acts.find((each) => each.id === id);
    if (!act) return;
    const isRefused = !["waiting", "done"].includes(act.state);
    one("[data-outcome]").textContent = said(act, line);
    one("[data-outcome]").parentElement.className = `notice notice--${isRefused ? "wrong" : act.state === "done" ? "good" : "wait"}`;
    end.querySelector("h1").textContent = isRefused ? words.refused : words.kept;
    one("[data-mend]").hidden = !isRefused;
    one("[data-mend]").href = `${location.pathname}?perbaiki=${id}`;
    one("[data-open]").hidden = act.state !== "done";
    if (act.answer?.link) one("[data-open]").href = act.answer.link;
  });
};

/** Into the outbox, under the id the draft has had from the first answer on: once more is the same. */
const deliver = async () => {
  try {
    await send("product.add", 1, draft.content, { id: draft.act, label: draft.content.name, replaces: draft.replaces });
  } catch {
    isKept = false;
    draft.stage = "asking";
    show("lihat");
    one("[data-full]").hidden = false;
    return;
  }
  await forget(key).catch(() => {});
  finish(draft.act);
};

form.addEventListener("submit", async (event) => {
  const missing = firstMissing();
  if (missing) {
    event.preventDefault();
    wrong(missing, true);
    return go(missing);
  }
  if (!isKept) return; // The plain form, under the same id.
  event.preventDefault();
  if (draft.stage === "sending") return;
  draft.stage = "sending";
  draft.content = contentOf(event.submitter?.name !== "draft");
  await save();
  await deliver();
});

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
  const step = steps.find((each) => CHECKS[each]?.[0] === event.target.name);
  if (step && event.target.getAttribute("aria-invalid") === "true") wrong(step, false);
  say();
  save();
});
one("[data-use]").addEventListener("click", (event) => {
  const calculator = event.target.closest("[data-rate]");
  box("price").value = Number(calculator.dataset.price).toLocaleString("id-ID");
  box("cost").value = calculator.dataset.cost;
  calculator.open = false;
  box("price").focus();
  say();
  save();
});
addEventListener("hashchange", () => {
  if (draft.stage === "asking") show(asked() ?? steps[0]);
});

/* Her other phone. */

const showOwnPhoto = async () => {
  const photo = draft.photo && (await photos().catch(() => [])).find((each) => each.id === draft.photo);
  if (photo?.bytes) showPhoto(URL.createObjectURL(new Blob([photo.bytes], { type: photo.type })));
  return Boolean(photo?.bytes);
};

const showFarPhoto = async (address) => {
  if (!draft.photo) hidePhoto();
  else if (!(await showOwnPhoto())) {
    hidePhoto();
    if (address) showPhoto(address);
    sayPhoto(address ? words.photoThere : words.photoElsewhere);
  }
  photoReady();
};

const tellElsewhere = (sentence) => {
  one("[data-elsewhere]").hidden = false;
  one("[data-elsewhere-words]").textContent = sentence;
};

/** The later answers of her other phone; where that one was used last, this one goes to its step. */
const take = async ({ act, fields, photo }) => {
  const here = Math.max(0, ...Object.entries(draft.times).map(([name, at]) => (name === "training" ? 0 : at)));
  const later = merge(draft, fields);
  const isSame = draft.act === act;
  draft.act = box("act_id").value = act;
  for (const name of later) if (TYPED.includes(name) && box(name)) box(name).value = draft.values[name];
  if (later.includes("category")) draft.chosen = true;
  if (later.includes("photo")) draft.photo = draft.values.photo || null;
  if (later.includes("photo") || draft.photo) await showFarPhoto(photo);
  if (!later.length) return isSame || save();
  tellElsewhere(words.takenUp);
  const { step } = draft.values;
  if (later.includes("step") && fields.step[0] >= here && steps.includes(step)) {
    draft.step = step;
    go(step);
  } else {
    draft.values.step = draft.step;
    say();
    save();
  }
};

/** Published on her other phone: this one begins anew. */
const over = async () => {
  await forget(key).catch(() => {});
  form.reset();
  draft = fresh();
  box("act_id").value = draft.act;
  hidePhoto();
  photoReady();
  tellElsewhere(words.sentElsewhere);
  go(steps[0]);
};

/* Beginning: where she was, or with what the house did not take. */

const refused = async () => {
  const id = new URLSearchParams(location.search).get("perbaiki");
  const act = id && (await outbox()).find((each) => each.id === id && each.kind === "product.add" && each.content);
  if (!act) return null;
  const { content } = act;
  const choice = (name) => (content.permits ?? []).find((permit) => one(`[name=${name}][value="${permit}"]`)) ?? "";
  const typed = { ...content, paper: content.keeps ? words.fresh : choice("paper"), halal: choice("halal") };
  history.replaceState(null, "", location.pathname);
  return { ...fresh(), shop: content.shop, typed, photo: content.photos?.[0] ?? null, step: "lihat", chosen: true, replaces: id, told: act.sentence };
};

const begin = async () => {
  const known = (await refused().catch(() => null)) ?? (await recall(key).catch(() => { isKept = false; }));
  if (known) draft = { ...fresh(), ...known };
  box("act_id").value = draft.act;
  const asking = box("training").value; // The class she came from now, not one of an old draft.
  for (const name of TYPED) if (draft.typed[name]) box(name).value = draft.typed[name];
  box("training").value = asking || box("training").value;
  form.classList.add("asking");
  if (draft.stage === "sending") return deliver();
  if (draft.told) {
    one("[data-refused]").hidden = false;
    one("[data-refusal]").textContent = draft.told;
  }
  await showOwnPhoto();
  photoReady();
  show(asked() ?? draft.step);
  const isHers = !draft.replaces && !document.querySelector("meta[name=helping]"); // A helper's stays with her.
  if (isHers && isKept) changed = follow(words.draft, { now: () => (draft.stage === "asking" ? draft : null), take, over });
};
begin();
