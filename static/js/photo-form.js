/* The box for photos of a product: what she picks is shrunk, kept on the phone and sent from there.
   Without this file, or where the phone cannot keep anything, the form is sent as it always was. */

import { newId } from "./outbox.js";
import { keep, list, remove, shrink, Unfit, watch } from "./photo.js";

const form = document.querySelector("[data-photo-form]");
const section = document.getElementById("awaited");
const waiting = section.querySelector("ul");
const model = document.getElementById("awaited-photo");
const about = form.dataset, words = model.dataset;
const input = form.querySelector("input[type=file]");
const errors = form.querySelector("[data-photo-error]");
const pictures = new Map(); // Of this page: an address for the small view of each photo.

const filled = (sentence, values) => sentence.replace(/\{(\w+)\}/g, (all, name) => values[name] ?? all);
const clock = (at) => {
  const [hour, minute] = [new Date(at).getHours(), new Date(at).getMinutes()];
  return `${hour}.${String(minute).padStart(2, "0")}`;
};

/** "Tersimpan di HP · menunggu sinyal", "Terkirim 14.32", or why not. */
const told = (photo, line) => {
  const kb = Math.ceil(photo.size / 1000);
  if (photo.state === "refused") return photo.sentence;
  if (photo.state === "arrived") return filled(words.arrived, { at: clock(photo.sent), kb });
  if (photo.state === "sent") return filled(words.tidied, { at: clock(photo.sent), kb });
  if (photo.sentence) return photo.sentence;
  if (line === "out") return filled(words.out, { kb });
  if (line === "sending") return filled(words.sending, { kb, percent: Math.floor(photo.got / photo.size * 100) });
  return filled(words.waiting, { kb });
};

const KINDS = { kept: "wait", sent: "moving", arrived: "good", refused: "wrong" };

const entry = (id) => {
  const found = waiting.querySelector(`[data-photo="${id}"]`);
  if (found) return found;
  const made = model.content.firstElementChild.cloneNode(true);
  made.dataset.photo = id;
  const giveUp = made.querySelector("form");
  giveUp.setAttribute("action", giveUp.getAttribute("action").replace(about.blank, id));
  waiting.append(made);
  return made;
};

const show = (photo, line) => {
  const place = entry(photo.id);
  const sentence = place.querySelector("[data-words]");
  if (sentence.textContent !== told(photo, line)) sentence.textContent = told(photo, line);
  sentence.className = `badge badge--${KINDS[photo.state]}`;
  const image = place.querySelector("img");
  if (photo.bytes && !pictures.has(photo.id)) {
    pictures.set(photo.id, URL.createObjectURL(new Blob([photo.bytes], { type: photo.type })));
  }
  if (pictures.has(photo.id) && image.src !== pictures.get(photo.id)) image.src = pictures.get(photo.id);
};

const isOurs = (photo) => photo.of === about.listing || waiting.querySelector(`[data-photo="${photo.id}"]`);
let arrived = null;

watch((photos, line) => {
  const ours = photos.filter(isOurs);
  for (const photo of ours) show(photo, line);
  section.hidden = !waiting.children.length;
  const now = ours.filter((photo) => photo.state === "arrived").length;
  if (arrived !== null && now > arrived) refresh();
  arrived = now;
});

/** Arrived photos move into the list of the page, unless she is busy there. */
const refresh = async () => {
  const old = document.getElementById("photos");
  if (old.contains(document.activeElement)) return;
  const answer = await fetch(location.href, { redirect: "manual" }).catch(() => null);
  if (!answer?.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.getElementById("photos");
  if (!fresh) return;
  old.replaceWith(document.adoptNode(fresh));
  const still = new Set([...page.querySelectorAll("#awaited [data-photo]")].map((one) => one.dataset.photo));
  for (const photo of await list()) {
    if (photo.state === "arrived" && !still.has(photo.id)) waiting.querySelector(`[data-photo="${photo.id}"]`)?.remove();
  }
  section.hidden = !waiting.children.length;
};

const say = (sentence) => {
  errors.textContent = sentence;
  errors.hidden = !sentence;
};

const take = async (file, position) => {
  const blob = await shrink(file);
  const id = newId();
  const content = { listing_id: Number(about.listing), photo_id: id, position, alt: "" };
  await keep(id, blob, { of: about.listing, act: { kind: "photo.expect", version: 1, content, label: about.label } });
};

input.addEventListener("change", async () => {
  const files = [...input.files];
  const have = Number(about.have) + waiting.children.length;
  say(files.length + have > Number(about.most) ? words.many : "");
  for (const [number, file] of files.slice(0, Number(about.most) - have).entries()) {
    try {
      await take(file, have + number);
    } catch (error) {
      const reason = error instanceof Unfit ? error.message : "full";
      say(words[reason]);
      if (reason === "full") return sendAsEver();
    }
  }
  input.value = "";
});

/** Where the phone keeps nothing the ordinary form comes back, with what she picked. */
const sendAsEver = () => {
  for (const part of form.querySelectorAll("[data-plain]")) part.hidden = false;
};

waiting.addEventListener("submit", async (event) => {
  const place = event.target.closest("[data-photo]");
  if (!place || event.target.dataset.gone) return;
  event.preventDefault();
  await remove(place.dataset.photo);
  event.target.dataset.gone = "yes";
  event.target.submit();
});

input.multiple = true;
for (const part of form.querySelectorAll("[data-plain]")) part.hidden = true;
