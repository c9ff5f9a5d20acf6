// The comparison's tables: filter by kind of change, group and name; sort by any column. Without scripts all of it shows.
"use strict";
{
  const fold = (text) => text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/[đĐ]/g, "d").toLowerCase();
  const form = document.getElementById("filter");
  const shown = document.getElementById("shown");
  const rows = [...document.querySelectorAll("#units tbody tr")];
  const names = rows.map((row) => fold(row.textContent));

  const filter = () => {
    const text = fold(form.elements.text.value.trim());
    const change = form.elements.change.value;
    const group = form.elements.group ? form.elements.group.value : "";
    let count = 0;
    rows.forEach((row, place) => {
      const fits = names[place].includes(text) && (!change || row.dataset.change === change)
        && (!group || row.dataset.group === group);
      row.hidden = !fits;
      count += fits;
    });
    shown.textContent = `Đang hiện ${count}/${rows.length} hàng`;
  };
  form.addEventListener("input", filter);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(filter));
  filter();

  const number = (text) => {
    const bare = text.replace("−", "-").replace("+", "").replace(",", ".");
    return text === "" ? null : Number(bare);
  };
  const words = new Intl.Collator("vi", { numeric: true });
  for (const table of document.querySelectorAll("#units, #criteria")) {
    const heads = [...table.tHead.rows[0].cells];
    heads.forEach((head, place) => {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = head.textContent;
      head.replaceChildren(button);
      button.addEventListener("click", () => {
        const up = head.getAttribute("aria-sort") !== "ascending";
        heads.forEach((each) => each.removeAttribute("aria-sort"));
        head.setAttribute("aria-sort", up ? "ascending" : "descending");
        const sign = up ? 1 : -1;
        const numeric = head.classList.contains("number");
        const value = (row) => (numeric ? number(row.cells[place].textContent) : row.cells[place].textContent);
        const missing = (each) => each === null || each === "" || Number.isNaN(each);
        const keyed = [...table.tBodies[0].rows].map((row) => [value(row), row]);
        keyed.sort(([a], [b]) => {
          if (missing(a) || missing(b)) return missing(a) - missing(b);
          return sign * (numeric ? a - b : words.compare(a, b));
        });
        table.tBodies[0].append(...keyed.map(([, row]) => row));
      });
    });
  }
}
