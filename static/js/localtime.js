// Says a moment on the clock of this phone where that is none of the three clocks of Indonesia.
const INDONESIA = [7, 8, 9];

for (const time of document.querySelectorAll("time[data-here]")) {
  const moment = new Date(time.dateTime);
  const offset = -moment.getTimezoneOffset() / 60;
  if (INDONESIA.includes(offset)) continue;
  const there = moment.toLocaleString(document.documentElement.lang, {
    weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit",
  });
  time.append(document.createElement("br"), time.dataset.here.replace("…", there));
}
