"use strict";
// Sorts and filters tables, and shows at once what a point of a plot says. Without it, all is there.
(() => {
  const UNITS = { ns: 1, us: 1e3, ms: 1e6, s: 1e9, B: 1, kB: 1e3, MB: 1e6, GB: 1e9 };
  const FEWEST_ROWS = 12;

  // "1.2 ms" and "900 us" by their size; what begins with no number by its letters, behind these.
  const valueOf = (row, column) => {
    const text = row.cells[column].textContent.trim();
    const [, number, unit] = text.match(/^(-?[\d.,]+)\s*([a-zA-Z]*)/) || [];
    if (number === undefined) return [1, 0, text];
    return [0, parseFloat(number.replaceAll(",", "")) * (UNITS[unit] || 1), text];
  };
  const compare = ([kind, value, text], [otherKind, otherValue, otherText]) =>
    kind - otherKind || value - otherValue || text.localeCompare(otherText);

  const sortBy = (table, head, column) => {
    const sign = head.getAttribute("aria-sort") === "ascending" ? -1 : 1;
    for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", sign > 0 ? "ascending" : "descending");
    const body = table.tBodies[0];
    const rows = [...body.rows].map((row) => [valueOf(row, column), row]);
    rows.sort(([one], [other]) => sign * compare(one, other));
    body.append(...rows.map(([, row]) => row));
  };

  const makeSortable = (table) => {
    [...table.tHead.rows[0].cells].forEach((head, column) => {
      const button = document.createElement("button");
      button.type = "button";
      button.title = "sort by this column";
      button.append(...head.childNodes);
      button.addEventListener("click", () => sortBy(table, head, column));
      head.append(button);
    });
  };

  const makeFilterable = (table) => {
    const tools = document.createElement("div");
    const input = document.createElement("input");
    tools.className = "whichext-tools";
    input.type = "search";
    input.placeholder = "filter rows";
    input.setAttribute("aria-label", "filter rows of the table that follows");
    input.addEventListener("input", () => {
      const wanted = input.value.toLowerCase();
      for (const row of table.tBodies[0].rows)
        row.hidden = !row.textContent.toLowerCase().includes(wanted);
    });
    tools.append(input);
    table.parentElement.before(tools);
  };

  for (const table of document.querySelectorAll("div.whichext table")) {
    const { length } = table.tBodies[0].rows;
    if (length > 1) makeSortable(table);
    if (length >= FEWEST_ROWS) makeFilterable(table);
  }

  const tip = document.createElement("div");
  tip.className = "whichext-tip";
  tip.hidden = true;
  tip.setAttribute("aria-hidden", "true");
  document.body.append(tip);
  for (const plot of document.querySelectorAll("figure.whichext-plot svg")) {
    for (const title of plot.querySelectorAll("title")) {
      title.parentElement.dataset.says = title.textContent;
      title.remove(); // else the browser shows it as well, later
    }
    plot.addEventListener("pointermove", (event) => {
      const { says } = event.target.dataset;
      tip.hidden = says === undefined;
      tip.textContent = says || "";
      const room = document.documentElement.clientWidth - tip.offsetWidth - 8;
      tip.style.left = `${Math.max(0, Math.min(event.clientX + 12, room))}px`;
      tip.style.top = `${event.clientY + 16}px`;
    });
    plot.addEventListener("pointerleave", () => (tip.hidden = true));
  }
})();
