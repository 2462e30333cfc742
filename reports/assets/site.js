// What the pages gain from a script: an interactive map, and tables that sort. Without it every figure is still there.
"use strict";

(() => {
  const root = document.documentElement;

  // Charts name colours as var(--name); Plotly wants values. They are read anew whenever the scheme changes.
  function resolve(value) {
    if (typeof value === "string" && value.startsWith("var(--") && value.endsWith(")")) {
      return getComputedStyle(root).getPropertyValue(value.slice(4, -1)).trim();
    }
    if (Array.isArray(value)) {
      return value.map(resolve);
    }
    if (value !== null && typeof value === "object") {
      return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, resolve(inner)]));
    }
    return value;
  }

  function startChart(figure) {
    const source = document.getElementById(figure.dataset.chart);
    const plot = figure.querySelector(".chart-plot");
    const picture = figure.querySelector(".chart-picture");
    if (typeof Plotly === "undefined" || source === null) {
      return; // the picture stays
    }
    const spec = JSON.parse(source.textContent);

    function draw() {
      const shown = resolve({ data: spec.data.map(({ x, y, customdata, ...rest }) => rest), layout: spec.layout });
      const small = plot.clientWidth < 560; // on a phone full-size dots would cover each other
      const data = shown.data.map((trace, index) => ({
        ...trace,
        marker: { ...trace.marker, size: small ? trace.marker.size - 2 : trace.marker.size },
        x: spec.data[index].x,
        y: spec.data[index].y,
        customdata: spec.data[index].customdata,
      }));
      // A finger that moves over the map on a phone means to scroll the page.
      const dragmode = small ? false : shown.layout.dragmode;
      return Plotly.react(plot, data, { ...shown.layout, dragmode, uirevision: "kept" }, spec.config);
    }

    plot.hidden = false;
    picture.hidden = true;
    Promise.resolve()
      .then(draw)
      .then(() => {
        figure.querySelectorAll(".script-only").forEach((element) => { element.hidden = false; });
        figure.querySelectorAll("button[data-trace]").forEach((button) => {
          button.disabled = false;
          button.addEventListener("click", () => {
            const on = button.getAttribute("aria-pressed") !== "true";
            button.setAttribute("aria-pressed", String(on));
            spec.data[Number(button.dataset.trace)].visible = on;
            draw();
          });
        });
        matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
      })
      .catch((error) => {
        plot.hidden = true;
        picture.hidden = false;
        console.error(error);
      });
  }

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
      label.replaceWith(button);
    });
  }

  document.querySelectorAll("table[data-sortable]").forEach(startSorting);
  document.querySelectorAll("figure[data-chart]").forEach(startChart);
})();
