/* Her goods at the kiosk: while she looks, the figures follow each sale within seconds. Nothing is asked
   while the page is hidden or the phone has no signal; without scripts it is the page as it was sent. */

const SECONDS = 4;
const shops = document.querySelectorAll("[data-now]");

const show = (figures, now) => {
  for (const name of ["shelf", "sold", "due"]) {
    const figure = figures.querySelector(`[data-figure="${name}"]`);
    if (figure) figure.textContent = now[name]; // Her money is not on a page that the phone has kept.
  }
  const shut = figures.querySelector("[data-shut]");
  if (shut) shut.hidden = Boolean(now.due);
  for (const [level, left] of Object.entries(now.left)) {
    const place = document.querySelector(`[data-level="${level}"]`);
    if (place) place.textContent = left;
  }
};

const ask = async (figures) => {
  if (document.hidden || !navigator.onLine) return;
  const answer = await fetch(figures.dataset.now, { cache: "no-cache", headers: { Accept: "application/json" } });
  if (answer.ok) show(figures, await answer.json());
};

/* One question of a shop at a time; a failed one is forgotten, the next comes anyway. */
const again = (figures) => ask(figures).catch(() => {}).finally(() => setTimeout(again, SECONDS * 1000, figures));
shops.forEach(again);
document.addEventListener("visibilitychange", () => {
  if (!document.hidden) shops.forEach((figures) => ask(figures).catch(() => {}));
});
