/* On every page of somebody who works here: her forms are kept on the phone and sent when they can
   be, "3 belum terkirim" stands at the top, and the service worker is told to keep her pages. */

import { flush, forgetReceipts, newId, restore, send, watch } from "./outbox.js";

const bar = document.querySelector("[data-unsent]");
const words = bar.dataset;
const PRESS_MS = 700; // Two presses closer than this are one, unless the form counts them.
const hour = new Intl.DateTimeFormat(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });

/** "Terkirim 14.32", "Tersimpan di HP · menunggu sinyal", or why not. */
export const said = (act, line) => {
  if (act.state === "done") return [act.answer?.sentence, words.arrived.replace("{time}", hour.format(act.sent))].filter(Boolean).join(" ");
  if (act.state !== "waiting") return act.sentence || words[act.state] || words.refused;
  return `${words.kept} · ${words[line] || words.silent}`;
};

let unsentBefore = false;
watch((acts, line) => {
  const unsent = acts.filter((act) => act.state !== "done");
  const stuck = unsent.filter((act) => act.state !== "waiting").length;
  const last = acts.filter((act) => act.state === "done").at(-1);
  bar.hidden = !unsent.length && !(unsentBefore && last);
  if (bar.hidden) return;
  unsentBefore = true;
  bar.className = `unsent notice notice--${stuck ? "warning" : unsent.length ? "wait" : "good"}`;
  const [count, state] = bar.querySelectorAll("[data-how-many], [data-where]");
  count.textContent = unsent.length ? words.count.replace("{n}", unsent.length) : said(last, line);
  state.textContent = !unsent.length ? "" : stuck ? words.stuck : said({ state: "waiting" }, line);
});

/* Forms marked data-act. Without this script, or where the phone is full, they are ordinary. */
const fresh = (form) => {
  const field = form.elements.namedItem("act_id");
  return (field && (field.value = newId())) || newId();
};
for (const form of document.querySelectorAll("form[data-act]")) fresh(form); // A kept page may be old.

const contentOf = (form, button) => {
  const content = {};
  const all = new FormData(form);
  if (button?.name) all.append(button.name, button.value);
  for (const name of new Set(all.keys())) {
    const values = all.getAll(name).filter((value) => typeof value === "string");
    if (name === "csrf_token" || name === "act_id" || !values.length) continue;
    content[name] = values.length === 1 ? values[0] : values;
  }
  return content;
};

const say = (form, text, kind = "") => {
  let place = form.querySelector("[data-act-said]");
  if (!place) {
    place = document.createElement("output");
    place.dataset.actSaid = "";
    form.append(place);
  }
  place.className = kind ? `note said--${kind}` : "note";
  place.textContent = text;
};

const follow = (form, id) => {
  const stop = watch((acts, line) => {
    const act = acts.find((each) => each.id === id);
    if (!act) return stop();
    if (form.dataset.actId !== id) return stop(); // It has a newer one to tell of.
    say(form, said(act, line), act.state);
    form.dispatchEvent(new CustomEvent("act", { bubbles: true, detail: act }));
    if (act.state === "waiting") return;
    stop();
    delete form.dataset.keeping; // Answered: the next press is another wish.
    form.dataset.refused = act.state === "refused" ? id : "";
    if (act.state === "done" && form.dataset.then) location.assign(form.dataset.then);
  });
};

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.dataset.act || form.dataset.plain) return;
  event.preventDefault();
  event.stopPropagation();
  if (form.dataset.keeping) return;
  form.dataset.keeping = "yes";
  const id = fresh(form);
  try {
    const { label = "", refused, version } = form.dataset;
    form.dataset.actId = id;
    await send(form.dataset.act, Number(version ?? 1), contentOf(form, event.submitter), { id, label, replaces: refused });
    form.dataset.refused = "";
    follow(form, id);
    setTimeout(() => delete form.dataset.keeping, "many" in form.dataset ? 0 : PRESS_MS);
  } catch {
    delete form.dataset.keeping;
    form.dataset.plain = "yes"; // The next press goes the ordinary way, with the same id.
    say(form, words.full, "refused");
  }
}, true);

/* Who leaves takes her pages along, and her receipts; what is unsent waits for her to come back. */
const leave = async () => {
  for (const name of await caches.keys()) if (/^(pages|photos)-/.test(name)) await caches.delete(name);
  await forgetReceipts();
};
document.addEventListener("submit", (event) => {
  if ("leaves" in event.target.dataset) leave().catch(() => {});
});

const keptAt = document.querySelector("[data-kept-at]");
if (keptAt.dataset.keptAt) {
  const when = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "long", timeStyle: "short" });
  const text = keptAt.querySelector("[data-text]");
  text.textContent = text.dataset.text.replace("{when}", when.format(new Date(Number(keptAt.dataset.keptAt))));
}

const phone = navigator.serviceWorker;
const version = import.meta.url.split("/").at(-3);
const tellOfRelease = async ({ state }) => {
  if (state !== "activated") return; // Until then the shell that wrote this page is still there.
  document.querySelector("[data-newer]").hidden = await caches.has(`shell-${version}`);
};
phone?.addEventListener("controllerchange", () => {
  const worker = phone.controller;
  worker?.addEventListener("statechange", () => tellOfRelease(worker));
  if (worker) tellOfRelease(worker);
});
phone?.register("/sw.js", { type: "module" }).catch(() => {}); // Without it she only needs signal to read.

for (const sign of ["online", "focus", "pageshow"]) addEventListener(sign, () => flush());
document.addEventListener("visibilitychange", () => document.hidden || flush());

restore().then((count) => {
  if (count) document.querySelector("[data-restored]").hidden = false;
  flush();
}, () => {});
