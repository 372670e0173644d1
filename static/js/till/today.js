/* Today's sales of this phone: what became of each, and taking one back. */

import { send, watch } from "../outbox.js";
import * as device from "./device.js";
import { redraw } from "./goods.js";
import { at, choose, filled, inPlace, make, now, press, say, words } from "./page.js";
import { showDone } from "./pay.js";
import { rupiah } from "./sums.js";

const REASONS = ["mistyped", "brought", "unpaid"];
const isToday = (sale) => new Date(sale.at).toDateString() === new Date().toDateString();
const stateOf = (sale) => (sale.undone ? words.undone : sale.trouble || (sale.arrived ? words.arrived : words.kept));

const undo = async (sale) => {
  const why = await choose(filled(words.why_undo, { number: sale.number }), REASONS.map((value) => ({ label: words[value], value })));
  if (!why) return;
  await device.changeSale(sale.id, { undone: why });
  await send("till.undo", 1, { sale: sale.id, why }, { label: filled(words.undo_of, { number: sale.number }) });
  await drawAll();
};

const row = (sale) => {
  const drawn = make("li");
  const told = make("span");
  told.append(make("b", "whole", sale.number), make("span", "note", `${rupiah(sale.total)} · ${stateOf(sale)}`));
  drawn.append(told, press("button--secondary", words.receipt, () => showDone(sale)));
  if (!sale.undone) drawn.append(press("button--quiet", words.undo, () => undo(sale), `${words.undo} ${sale.number}`));
  return drawn;
};

export const drawToday = () => {
  const today = now.mine.filter((sale) => inPlace(sale) && isToday(sale));
  const stand = today.filter((sale) => !sale.undone);
  const sum = (name) => rupiah(stand.reduce((all, sale) => all + sale[name], 0));
  at("sums").textContent = filled(words.sums, { n: stand.length, cash: sum("cash"), qris: sum("qris") });
  at("today").replaceChildren(...today.slice(0, 50).map(row));
};

export const drawAll = async () => {
  now.mine = await device.sales();
  drawToday();
  redraw();
};

/* What became of each sale; the house's word about a promise that broke is shown at once. */
const heard = new Map();
watch(async (acts) => {
  let isNew = false;
  for (const act of acts.filter((each) => each.kind === "till.sale" && each.state !== "waiting" && heard.get(each.id) !== each.state)) {
    heard.set(act.id, act.state);
    isNew = true;
    const trouble = act.state === "done" ? "" : act.sentence || words.refused;
    await device.changeSale(act.id, { arrived: act.state === "done" ? act.sent : 0, trouble });
    if (act.answer?.sentence) say(act.answer.sentence, "warning");
  }
  if (isNew && now.shelf) await drawAll();
});
