/* Comfort: every page works without this file. One small file, one request; each behaviour finds
   its own marks in the page. Larger behaviours get a module of their own. */

document.documentElement.classList.add("js");

const AGAIN_AFTER_MS = 8000; // A download or a lost connection must not lock a form for ever.
const COUNTING_PAUSE_MS = 700; // Presses closer than this are one wish.

/* Menus: close by Escape or by a touch elsewhere. */
const menus = document.querySelectorAll("details.menu");
document.addEventListener("click", (event) => {
  for (const menu of menus) if (!menu.contains(event.target)) menu.open = false;
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of menus) {
    if (menu.open && menu.contains(document.activeElement)) menu.firstElementChild.focus();
    menu.open = false;
  }
});

/* Print: the button shows itself only where it can work. */
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) window.print();
});

/* Sending: a form is sent once, and the pressed button says so. */
const calm = (form) => {
  delete form.dataset.sent;
  for (const button of form.querySelectorAll("[aria-busy]")) {
    button.removeAttribute("aria-busy");
    if (button.dataset.word) button.lastChild.data = button.dataset.word;
  }
};
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post") return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  setTimeout(calm, AGAIN_AFTER_MS, form);
  const button = event.submitter;
  if (!button) return;
  button.setAttribute("aria-busy", "true");
  if (button.dataset.busy) {
    button.dataset.word = button.lastChild.data;
    button.lastChild.data = button.dataset.busy;
  }
});
addEventListener("pageshow", () => document.querySelectorAll("[data-sent]").forEach(calm));

/* Guides: the word at the top opens the one of this page. */
document.addEventListener("click", (event) => {
  if (event.target.closest('[href="#panduan"]')) document.getElementById("panduan").open = true;
});
/* That one was opened is counted; by whom is not. */
document.addEventListener("toggle", ({ target }) => {
  const { opened, token } = target.dataset ?? {};
  if (!opened || !target.open) return;
  const form = new FormData();
  form.set("csrf_token", token);
  navigator.sendBeacon(opened, form);
  delete target.dataset.opened;
}, true);

/* Copying: an amount or an account number, so that nobody types it anew. */
document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  await navigator.clipboard.writeText(button.dataset.copy);
  button.textContent = button.dataset.copied;
});

/* Counting: presses on − and + change the number at once and are sent together. */
for (const stepper of document.querySelectorAll("[data-stepper]")) {
  const input = stepper.querySelector("input[name=quantity]");
  let waiting;
  stepper.addEventListener("click", (event) => {
    const button = event.target.closest("button[name=step]");
    if (!button || button.value === "0") return;
    const wish = Number(input.value) + Number(button.value);
    if (wish < Number(input.min || 0) || (input.max && wish > Number(input.max))) return;
    event.preventDefault();
    input.value = wish;
    clearTimeout(waiting);
    if (stepper.tagName === "FORM") waiting = setTimeout(() => stepper.requestSubmit(), COUNTING_PAUSE_MS);
  });
}

/* Choices that change the total: the button that counts again is pressed at once. */
for (const button of document.querySelectorAll("[data-recounts]")) {
  for (const choices of document.querySelectorAll("[data-recount]")) {
    choices.addEventListener("change", () => button.click());
  }
}

/* Photos that wait on this phone go on from whatever page she opens. */
try {
  if (localStorage.getItem("lumbung-photos")) import("./photo.js");
} catch { /* A browser that keeps nothing has none. */ }
