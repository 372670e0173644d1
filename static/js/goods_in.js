/* Goods in: the owner is found while typing, the photo is kept on the phone, the note opens when it is
   written, and what the house refused is filled in again. Without this file the page is plain forms. */

import { list as outbox, newId } from "./outbox.js";
import { keep as keepPhoto, remove as dropPhoto, shrink } from "./photo.js";

const owners = [...document.querySelectorAll("details[data-owner]")];

const find = document.querySelector("[data-find-owner]");
find.addEventListener("input", () => {
  const said = find.value.trim().toLowerCase();
  for (const owner of owners) owner.hidden = !owner.dataset.owner.toLowerCase().includes(said);
});

const takePhoto = async (form, input) => {
  const told = form.querySelector("[data-photo-said]");
  const named = form.elements.namedItem("photos");
  try {
    const blob = await shrink(input.files[0]);
    const id = newId();
    await keepPhoto(id, blob);
    if (named.value) await dropPhoto(named.value);
    named.value = id;
    input.value = ""; // It goes by itself, not with the form.
    told.textContent = told.dataset.kept;
  } catch {
    told.textContent = told.dataset.unfit; // It stays in its box, for the plain form.
  }
};

for (const owner of owners) {
  const form = owner.querySelector("form[data-act]");
  const photo = form.elements.namedItem("foto");
  photo.addEventListener("change", () => photo.files[0] && takePhoto(form, photo));
  let kept = "";
  form.addEventListener("act", ({ detail }) => {
    if (detail.state === "waiting" && kept !== detail.id) {
      kept = detail.id; // Kept on the phone: the boxes are free for her next basket.
      form.reset();
      form.elements.namedItem("photos").value = "";
      form.elements.namedItem("offer")?.remove();
      form.querySelector("[data-photo-said]").textContent = "";
    }
    if (detail.state === "done" && detail.answer?.link) {
      const open = form.querySelector("[data-open-note]");
      open.hidden = false;
      open.querySelector("a").href = detail.answer.link;
    }
  });
}

/* What was refused: its boxes again, to be corrected and sent anew. */
const refused = async () => {
  const id = new URLSearchParams(location.search).get("perbaiki");
  const act = id && (await outbox()).find((each) => each.id === id && each.kind === "goods.receive");
  const owner = act?.content && document.getElementById(`siapa-${act.content.owner}`);
  if (!owner) return;
  const form = owner.querySelector("form[data-act]");
  for (const [name, value] of Object.entries(act.content)) {
    const box = form.elements.namedItem(name);
    if (box && typeof value === "string") box.value = value;
  }
  for (const more of form.querySelectorAll("fieldset details")) {
    more.open = [...more.querySelectorAll("input, select")].some((box) => box.value);
  }
  form.dataset.refused = id;
  owner.open = true;
  owner.scrollIntoView();
};
refused().catch(() => {});

const openNamed = () => {
  const named = location.hash && document.querySelector(`details${location.hash}`);
  if (named) named.open = true;
};
addEventListener("hashchange", openNamed);
openNamed();
