// What every page gains from a script: tables that sort, and a change of language that keeps the place on the page. Without it
// every figure is still there.
"use strict";

(() => {
  const root = document.documentElement;

  // A cell sorts by its number where it has one; cells that are not known stay at the end in both directions.
  function sortKey(row, index) {
    const cell = row.cells[index];
    if (cell.querySelector(".unknown") !== null) {
      return null;
    }
    const text = cell.dataset.sort ?? cell.textContent.trim().toLocaleLowerCase(root.lang);
    const number = Number(text);
    return text !== "" && Number.isFinite(number) ? number : text;
  }

  function compare(left, right) {
    return typeof left === "number" && typeof right === "number"
      ? left - right
      : String(left).localeCompare(String(right), root.lang);
  }

  function sortBy(table, heading, index) {
    const descending = heading.getAttribute("aria-sort") === "descending"
      ? false
      : heading.getAttribute("aria-sort") === "ascending" || heading.classList.contains("numeric");
    const sign = descending ? -1 : 1;
    for (const body of table.tBodies) {
      const keyed = [...body.rows].map((row) => [sortKey(row, index), row]);
      keyed.sort(([left], [right]) => {
        if (left === null || right === null) {
          return (left === null ? 1 : 0) - (right === null ? 1 : 0);
        }
        return sign * compare(left, right);
      });
      body.append(...keyed.map(([, row]) => row));
    }
    for (const other of table.tHead.rows[0].cells) {
      other.removeAttribute("aria-sort");
    }
    heading.setAttribute("aria-sort", descending ? "descending" : "ascending");
  }

  function startSorting(table) {
    [...table.tHead.rows[0].cells].forEach((heading, index) => {
      const label = heading.querySelector(".label");
      if (label === null) {
        return;
      }
      const button = document.createElement("button");
      button.type = "button";
      button.className = "sort-button";
      button.title = `${table.dataset.sortLabel} ${label.textContent}`;
      button.textContent = label.textContent;
      button.addEventListener("click", () => sortBy(table, heading, index));
      // The label stays for the print: a button is not painted in the headers that later pages repeat.
      label.before(button);
      label.classList.add("print-only");
    });
  }

  document.querySelectorAll("table[data-sortable]").forEach(startSorting);

  // Anchors are the same in every language.
  document.querySelectorAll(".languages a").forEach((link) => {
    link.addEventListener("click", () => { link.hash = location.hash; });
  });
})();
