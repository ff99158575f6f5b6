/* The break-even page in the reader's browser. It says what rmlbench_utils/show/break_even.py and
   break_even_page.py say, from the same data and the same sentences; a test holds them together.
   Nothing is loaded from elsewhere. */
(() => {
  "use strict";

  // ---- how numbers are written: rmlbench_utils/show/wording.py

  const digits = (value, places = 2) => {
    if (value === 0) return "0";
    if (Math.abs(value) >= 1e6 || Math.abs(value) < 1e-4) {
      const [number, power] = value.toExponential(places - 1).split("e");
      return `${number}e${power[0]}${power.slice(1).padStart(2, "0")}`;
    }
    const cut = Number(value.toPrecision(places));
    return cut.toFixed(Math.max(0, places - 1 - Math.floor(Math.log10(Math.abs(cut)))));
  };
  const grouped = (value) => value.toFixed(0).replace(/\B(?=(\d{3})+$)/g, ",");
  const count = (value) => (Math.abs(value) < 1000 ? digits(value) : grouped(Number(value.toExponential(1))));
  const ratio = (value) => (value >= 0.1 && value < 9.995 ? value.toFixed(2) : digits(value));
  const UNITS = [["s", 1], ["ms", 1e-3], ["µs", 1e-6], ["ns", 1e-9]];
  const seconds = (value) => {
    const [unit, size] = UNITS.find((one) => value >= one[1]) || UNITS[3];
    return `${digits(value / size, 3)} ${unit}`;
  };
  const safe = (text) =>
    String(text).replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;")
      .replace(/"/g, "&quot;").replace(/'/g, "&#x27;");
  const fill = (sentence, values) =>
    sentence.replace(/\{(\w+)\}/g, (_, name) => (name in values ? values[name] : `{${name}}`));

  // ---- statistics: rmlbench_utils/judge/break_even.py, crossover.py, bootstrap.py

  const mean = (values) => values.reduce((sum, one) => sum + one, 0) / values.length;
  const covariance = (a, b) => {
    const x = mean(a), y = mean(b);
    return a.reduce((sum, one, k) => sum + (one - x) * (b[k] - y), 0) / (a.length - 1);
  };
  const quantile = (sorted, share) => {
    const at = share * (sorted.length - 1), low = Math.floor(at), high = Math.min(low + 1, sorted.length - 1);
    return sorted[low] + (sorted[high] - sorted[low]) * (at - low);
  };

  const roots = (a, b, c) => {
    if (a === 0 && b === 0) return [c > 0, NaN, NaN];
    if (a === 0) return b < 0 ? [true, -c / (2 * b), Infinity] : [true, -Infinity, -c / (2 * b)];
    let below = b * b - a * c;
    if (below < 0 && a < 0) return [false, NaN, NaN];
    below = Math.max(below, 0);
    const larger = -(b + (b < 0 ? -1 : 1) * Math.sqrt(below)) / a;
    const other = larger ? c / (a * larger) : 0;
    return [a > 0, Math.min(larger, other), Math.max(larger, other)];
  };
  const nonnegative = ([inside, low, high]) => {
    if (inside) {
      if (Number.isNaN(low) || high < 0) return ["never", NaN, NaN];
      if (high === Infinity) return low > 0 ? ["more than", low, NaN] : ["anything", NaN, NaN];
      return low > 0 ? ["between", low, high] : ["at most", NaN, high];
    }
    if (Number.isNaN(low) || high <= 0) return ["anything", NaN, NaN];
    return low >= 0 ? ["outside", low, high] : ["more than", high, NaN];
  };
  const breakEven = (fixed, call, t) => {
    const f = mean(fixed), g = mean(call), n = fixed.length, t2 = t * t;
    const spread = (a, b) => (t2 * covariance(a, b)) / n;
    const set = roots(g * g - spread(call, call), f * g - spread(fixed, call), f * f - spread(fixed, fixed));
    const [kind, low, high] = nonnegative(set);
    return { kind, low, high, estimate: g !== 0 && -f / g >= 0 ? -f / g : NaN, fixed: f, call: g };
  };

  // ---- the costs of a job

  const tierOf = (shipped, asked) => shipped.workloads[asked.workload].tiers[asked.tier];

  /* Seconds of contender and baseline in their common blocks: two lists of [block][part]. */
  const paidAt = (tier, name, rows) => {
    const below = tier.sizes.filter((size) => size.rows <= rows).pop();
    const above = tier.sizes.find((size) => size.rows >= rows);
    if (!below || !above) return null;
    const around = below === above ? [below] : [below, above];
    if (!around.every((size) => [name, tier.baseline].every((who) => who in size.spent))) return null;
    const share = around.length === 1 ? 0
      : (Math.log(rows) - Math.log(below.rows)) / (Math.log(above.rows) - Math.log(below.rows));
    const sides = [name, tier.baseline].map((who) => around.map((size) => size.spent[who]));
    const all = sides.flat();
    const common = all[0].blocks.filter((block) => all.every((one) => one.blocks.includes(block)));
    if (common.length < 2) return null;
    const value = (one, block, k) => one.us[k][one.blocks.indexOf(block)] / 1e6;
    const at = (side, block, k) => {
      const first = value(side[0], block, k);
      if (side.length === 1) return first;
      return Math.exp(Math.log(first) * (1 - share) + Math.log(value(side[1], block, k)) * share);
    };
    return sides.map((side) => common.map((block) => {
      const [startup, load, fit, converted, predict] = [0, 1, 2, 3, 4].map((k) => at(side, block, k));
      return [startup, load, Math.max(converted - fit, 0), fit, predict];
    }));
  };

  const outcome = (shipped, tier, name, asked) => {
    const paid = paidAt(tier, name, asked.rows);
    if (!paid) return null;
    const every = asked.layout === "every", once = every ? 2 : 3;
    const often = [1, 1, every ? asked.fits : Math.min(asked.fits, 1), asked.fits, asked.predictions];
    const total = (parts) => parts.reduce((sum, one, k) => sum + one * often[k], 0);
    const [mine, theirs] = paid.map((side) => side.map(total));
    const n = mine.length, t = shipped.t[n - 2], cut = shipped.tail[n - 2];
    const drawn = [];
    for (let d = 0; d < shipped.words16.length; d += shipped.width) {
      let a = 0, b = 0;
      for (let k = 0; k < n; k += 1) {
        const block = (shipped.words16[d + k] * n) >> 16;
        a += mine[block];
        b += theirs[block];
      }
      drawn.push(a / b);
    }
    drawn.sort((x, y) => x - y);
    const low = quantile(drawn, cut), high = quantile(drawn, 1 - cut);
    const gap = mine.map((one, k) => one - theirs[k]);
    const half = t * Math.sqrt(covariance(gap, gap) / n);
    let sign = mean(gap) + half < 0 && high < 1 ? -1 : mean(gap) - half > 0 && low > 1 ? 1 : 0;
    if (n < shipped.least) sign = 0;
    const calls = asked.fits || asked.predictions;
    const between = paid[0].map((one, k) => one.map((part, j) => (part - paid[1][k][j]) * often[j]));
    const parts = (side) => often.map((times, k) => mean(side.map((one) => one[k])) * times);
    return {
      name, low, high, sign, blocks: n, parts: parts(paid[0]), against: parts(paid[1]),
      ratio: mean(mine) / mean(theirs),
      turn: breakEven(
        between.map((one) => sum(one.slice(0, once))),
        between.map((one) => sum(one.slice(once)) / calls), t),
    };
  };

  const sum = (parts) => parts.reduce((all, one) => all + one, 0);
  const outcomes = (shipped, asked) => {
    const tier = tierOf(shipped, asked);
    return Object.keys(tier.failed).filter((name) => name !== tier.baseline)
      .map((name) => outcome(shipped, tier, name, asked)).filter(Boolean)
      .sort((a, b) => sum(a.parts) - sum(b.parts));
  };

  // ---- sentences: filled as rmlbench_utils/show/break_even.py does

  const refusal = (shipped, asked) => {
    const rows = tierOf(shipped, asked).sizes.map((size) => size.rows);
    for (const name of ["fits", "predictions"]) {
      const value = asked[name];
      if (!Number.isInteger(value) || value < 0 || value > shipped.most) {
        const most = grouped(shipped.most);
        return fill(shipped.words["bad calls"], { name, value: asked.typed[name], most });
      }
    }
    if (asked.fits + asked.predictions === 0) return shipped.words["no calls"];
    const first = rows[0], last = rows[rows.length - 1];
    if (!(Number.isInteger(asked.rows) && asked.rows >= first && asked.rows <= last)) {
      const allowed = rows.length === 1 ? grouped(first) : `${grouped(first)} to ${grouped(last)}`;
      return fill(shipped.words["bad rows"], { value: asked.typed.rows, allowed });
    }
    return null;
  };

  const verdict = (shipped, asked, one) => {
    const tier = tierOf(shipped, asked), base = tier.baseline;
    const winner = one.sign < 0 ? one.name : base, [failed, runs] = tier.failed[winner];
    let kind = one.sign < 0 ? "less" : one.sign > 0 ? "more" : "tie";
    if (one.sign && failed) kind = "failed";
    if (one.blocks < shipped.least) kind = "few";
    const both = { mine: seconds(sum(one.parts)), theirs: seconds(sum(one.against)) };
    const values = fill(shipped.words.values, {
      ...both, base, ratio: ratio(one.ratio), low: ratio(one.low), high: ratio(one.high),
    });
    return fill(shipped.words[kind],
      { ...both, name: one.name, values, blocks: one.blocks, least: shipped.least, winner, failed, runs });
  };

  const callsOf = (shipped, asked) => {
    if (asked.fits === 0) return "predictions";
    if (asked.predictions === 0) return "fits";
    return shipped.words.with;
  };

  const turning = (shipped, asked, one) => {
    const tier = tierOf(shipped, asked), turn = one.turn, names = [one.name, tier.baseline];
    const cheaper = (gap) => (gap < 0 ? names[0] : names[1]);
    const kind = one.blocks >= shipped.least ? turn.kind : "untold";
    const said = fill(shipped.words[kind], {
      calls: callsOf(shipped, asked),
      start: cheaper(kind === "never" ? turn.fixed + turn.call : turn.fixed),
      middle: cheaper(turn.fixed + ((turn.low + turn.high) / 2) * turn.call),
      end: cheaper(turn.call),
      at: count(turn.estimate), from: count(turn.low), to: count(turn.high),
    });
    const told = names.filter((name) => tier.failed[name][0]).map((name) =>
      fill(shipped.words.failures, { name, failed: tier.failed[name][0], runs: tier.failed[name][1] }));
    return said + (told.length ? fill(shipped.words.given, { list: told.join(" and ") }) : "");
  };

  // ---- the page: as rmlbench_utils/show/break_even_page.py writes it

  const bar = (shipped, name, parts, longest) => {
    const pieces = parts.map((value, k) =>
      `<i style="width:${((100 * value) / longest).toFixed(2)}%;background:${shipped.parts[k][1]}"></i>`);
    const spent = parts.map((value, k) => [shipped.parts[k][0], value]).filter((one) => one[1] > 0)
      .map(([part, value]) => `${part} ${seconds(value)}`).join(", ");
    return `<div class="rml-bar"><span>${safe(name)}: ${seconds(sum(parts))} <small>${spent}</small></span>` +
      `<div>${pieces.join("")}</div></div>`;
  };
  const bars = (shipped, asked, found) => {
    const rows = [...found.map((one) => [one.name, one.parts]), [tierOf(shipped, asked).baseline, found[0].against]]
      .sort((a, b) => sum(a[1]) - sum(b[1]));
    const longest = Math.max(...rows.map((row) => sum(row[1])));
    const legend = shipped.parts.map(([name, colour]) => `<span><i style="background:${colour}"></i>${name}</span>`);
    return `<div class="rml-legend">${legend.join("")}</div>` +
      `<div class="rml-bars">${rows.map(([name, parts]) => bar(shipped, name, parts, longest)).join("")}</div>`;
  };
  const hintOf = (sizes) => {
    const shares = sizes.map((size) => size.rows / size.batch).sort((a, b) => a - b);
    const said = shares[shares.length - 1] - shares[0] < 0.1 ? shares[0].toFixed(1) : "a few";
    return `Measured at ${sizes.map((size) => grouped(size.rows)).join(", ")} rows. ` +
      `A prediction is one call for as many rows as the training rows / ${said}.`;
  };
  const answer = (shipped, asked) => {
    const hint = `<p class="rml-how">${hintOf(tierOf(shipped, asked).sizes)}</p>`;
    const why = refusal(shipped, asked);
    if (why) return `<p class="rml-refused">${safe(why)}</p>${hint}`;
    const found = outcomes(shipped, asked);
    if (!found.length) return `<p class="rml-refused">nobody was measured there</p>${hint}`;
    const told = found.map((one) => `${safe(verdict(shipped, asked, one))} ${safe(turning(shipped, asked, one))}`);
    return `<p class="rml-advice">${told[0]}</p>${bars(shipped, asked, found)}` +
      told.slice(1).map((text) => `<p>${text}</p>`).join("") + hint;
  };

  const start = (page) => {
    const shipped = JSON.parse(page.querySelector("script").textContent);
    const bytes = Uint8Array.from(atob(shipped.draws), (letter) => letter.charCodeAt(0));
    const view = new DataView(bytes.buffer);
    shipped.words16 = Array.from({ length: bytes.length / 2 }, (_, k) => view.getUint16(2 * k, true));
    const form = page.querySelector("form"), field = form.elements, place = page.querySelector(".rml-answer");
    const number = (name) => (field[name].value.trim() === "" ? NaN : Number(field[name].value));
    const ask = () => {
      const typed = {};
      for (const name of ["rows", "fits", "predictions"]) typed[name] = field[name].value || "not a number";
      place.innerHTML = answer(shipped, {
        workload: Number(field.workload.value), tier: field.tier.value, layout: field.layout.value, typed,
        rows: number("rows"), fits: number("fits"), predictions: number("predictions"),
      });
    };
    /* Another workload may lack the tier, and the size that was asked for. */
    const choose = () => {
      const tiers = shipped.workloads[Number(field.workload.value)].tiers, before = field.tier.value;
      field.tier.replaceChildren(...Object.keys(tiers).map((name) => new Option(name, name)));
      field.tier.value = before in tiers ? before : Object.keys(tiers)[0];
      const rows = tiers[field.tier.value].sizes.map((size) => size.rows), asked = number("rows");
      if (!(asked >= rows[0] && asked <= rows[rows.length - 1])) field.rows.value = rows[rows.length >> 1];
    };
    form.addEventListener("input", (event) => {
      if (event.target === field.workload) choose();
      ask();
    });
    form.addEventListener("submit", (event) => event.preventDefault());
  };

  for (const page of document.querySelectorAll(".rml-break-even:not([data-started])")) {
    page.dataset.started = "yes";
    start(page);
  }
})();
