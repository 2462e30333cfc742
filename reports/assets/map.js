// The interactive map: pictures, dimensions and colours to choose, groups to hide, handles to find. Without it the still
// picture stays.
"use strict";

(() => {
  const root = document.documentElement;
  const most = 8; // found influencers that are listed and named on the map
  const ringed = 100; // found influencers that are marked on it; more rings than that mark nothing
  // Plotly has fewer shapes in three dimensions, and fills its boxes otherwise: shape and size that stand in for the page's.
  const solid = {
    circle: ["circle", 4.2], square: ["square", 3.6], diamond: ["diamond", 3], cross: ["cross", 4], x: ["x", 3.2],
    star: ["circle-open", 4.6], "triangle-up": ["diamond-open", 3.6], "triangle-down": ["square-open", 4],
  };

  // Colours are named as var(--name); Plotly wants values. They are read anew whenever the scheme changes.
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

  function fill(text, values) {
    return text.replace(/\{(\w+)\}/g, (gap, name) => values[name] ?? gap);
  }

  // Labels come escaped for Plotly, which reads markup in them; where the page shows them as text they are read back.
  function plain(text) {
    return text.replace(/&lt;/g, "<").replace(/&gt;/g, ">").replace(/&amp;/g, "&");
  }

  function hasWebgl() {
    const canvas = document.createElement("canvas");
    return canvas.getContext("webgl2") !== null || canvas.getContext("webgl") !== null;
  }

  function startMap(figure) {
    const source = document.getElementById(figure.dataset.map);
    if (typeof Plotly === "undefined" || source === null) {
      return; // the picture stays
    }
    const spec = JSON.parse(source.textContent);
    const find = (selector) => figure.querySelector(selector);
    const plot = find(".chart-plot");
    const picture = find(".chart-picture");
    const turn = find(".map-turn");
    const filter = find(".map-filter");
    const found = find(".map-found");
    const search = find("#map-search");
    const number = new Intl.NumberFormat(root.lang);
    const everyone = spec.labels.map((_, index) => index);
    const searched = spec.labels.map((label) => plain(label).toLocaleLowerCase(root.lang));
    const webgl = hasWebgl();
    const hidden = Object.fromEntries(Object.keys(spec.groupings).map((name) => [name, new Set()]));
    let camera = { eye: { x: 1.1, y: 1.1, z: 0.7 } };
    let hits = [];
    let drawn = null;

    const chosen = (name) => find(`input[name="map-${name}"]:checked`).value;
    const pictureOf = (method, dimensions) =>
      spec.pictures.find((one) => one.method === method && String(one.dimensions) === dimensions);
    const groupOf = (name, index) => spec.groupings[name].groups[spec.groupings[name].of[index]];
    const isShown = (index) =>
      Object.entries(hidden).every(([name, groups]) => !groups.has(spec.groupings[name].of[index]));

    function places(shown, indices) {
      const axes = shown.dimensions === 3 ? ["x", "y", "z"] : ["x", "y"];
      return Object.fromEntries(axes.map((axis) => [axis, indices.map((index) => shown[axis][index])]));
    }

    function hover(indices) {
      return {
        customdata: indices.map((index) => [
          spec.labels[index],
          groupOf("platform", index).label,
          groupOf("tier", index).label,
          spec.followers[index],
          groupOf("cluster", index).label,
        ]),
        hovertemplate:
          // No <b>: Plotly writes it as a style attribute, which the content security policy refuses.
          "%{customdata[0]}<br>%{customdata[1]} · %{customdata[2]}<br>" +
          `${fill(spec.text.followers, { n: "%{customdata[3]}" })}<br>%{customdata[4]}<extra></extra>`,
      };
    }

    function traces(shown, name, indices, small) {
      const isSolid = shown.dimensions === 3;
      const type = isSolid ? "scatter3d" : "scatter";
      const byGroup = spec.groupings[name].groups.map(() => []);
      indices.forEach((index) => byGroup[spec.groupings[name].of[index]].push(index));
      const dots = byGroup.map((members, group) => {
        const { colour, symbol, label } = spec.groupings[name].groups[group];
        // Plotly fits every shape into the same box; discs and squares fill more of it.
        const flat = [symbol, (symbol === "circle" || symbol === "square" ? 7 : 9) - (small ? 2 : 0)];
        const [shape, size] = isSolid ? solid[symbol] ?? solid.circle : flat;
        return {
          type,
          mode: "markers",
          name: label,
          ...places(shown, members),
          ...hover(members),
          marker: {
            symbol: shape,
            size,
            opacity: 0.8,
            color: colour,
            line: { width: isSolid ? 0 : 0.6, color: "var(--surface)" },
          },
        };
      });
      if (hits.length === 0 || hits.length > ringed) {
        return dots;
      }
      const named = hits.length <= most;
      const ring = {
        type,
        mode: named ? "markers+text" : "markers",
        ...places(shown, hits),
        ...hover(hits),
        text: named ? hits.map((index) => spec.labels[index]) : undefined,
        textposition: "top center",
        textfont: { size: 13, color: "var(--ink)" },
        cliponaxis: false,
        marker: {
          symbol: "circle-open",
          size: isSolid ? 11 : 17,
          color: "var(--ink)",
          line: { width: 2, color: "var(--ink)" },
        },
      };
      return [...dots, ring];
    }

    function layout(shown, small) {
      const { flat, scene, shared } = spec.layout;
      const id = `${shown.method}-${shown.dimensions}`;
      const axis = (base, position, rest) => ({
        ...base,
        ...rest,
        title: { ...base.title, text: shown.titles === null ? "" : shown.titles[position] },
        showticklabels: shown.titles !== null,
        zeroline: shown.titles !== null,
        showgrid: shown.titles !== null || shown.dimensions === 3,
      });
      if (shown.dimensions === 3) {
        const [x, y, z] = ["xaxis", "yaxis", "zaxis"].map((name, position) => axis(scene[name], position, {}));
        const margin = { l: 0, r: 0, t: 0, b: 0 };
        return { ...shared, margin, scene: { ...scene, xaxis: x, yaxis: y, zaxis: z, camera, dragmode: "turntable" } };
      }
      // Where directions mean nothing, distances must at least be the same in both.
      const square = shown.titles === null ? { scaleanchor: "x", scaleratio: 1 } : {};
      return {
        ...shared,
        ...(shown.titles === null ? { margin: { l: 12, r: 12, t: 12, b: 12 } } : { margin: flat.margin }),
        xaxis: axis(flat.xaxis, 0, {}),
        yaxis: axis(flat.yaxis, 1, square),
        // A finger that moves over the map on a phone means to scroll the page.
        dragmode: small ? false : "pan",
        uirevision: id,
      };
    }

    function stand(still) {
      plot.hidden = still;
      picture.hidden = !still;
    }

    function draw() {
      const shown = pictureOf(chosen("method"), chosen("dimensions"));
      if (shown.dimensions === 3 && !webgl) {
        // Where the shown picture is not the chosen one, a sentence says so; a disabled choice could not say why to a finger.
        turn.hidden = true;
        stand(true);
        return undefined;
      }
      stand(false);
      const name = chosen("grouping");
      const indices = everyone.filter((index) => isShown(index) && shown.x[index] !== null);
      const small = plot.clientWidth < 560; // on a phone full-size dots would cover each other
      const counts = { n: number.format(indices.length), all: number.format(everyone.length) };
      if (drawn !== null && drawn !== shown.dimensions) {
        Plotly.purge(plot); // flat and solid charts share nothing worth keeping
      }
      const isNew = drawn !== shown.dimensions;
      drawn = shown.dimensions;
      turn.hidden = shown.dimensions !== 3;
      filter.querySelector("[role=status]").textContent = fill(spec.text.shown, counts);
      const grouping = find(`input[name="map-grouping"]:checked`).parentElement.textContent.trim().toLowerCase();
      plot.setAttribute("aria-label", fill(spec.text.described, { ...counts, name: shown.name, grouping, note: shown.note }));
      const done = Plotly.react(
        plot, resolve(traces(shown, name, indices, small)), resolve(layout(shown, small)), spec.config,
      );
      // The label of the chart says what there is to see; numbers along its axes, read out one by one, say nothing.
      plot.querySelectorAll(".main-svg").forEach((layer) => layer.setAttribute("aria-hidden", "true"));
      if (isNew) {
        plot.on("plotly_relayout", (change) => {
          camera = change["scene.camera"] ?? camera;
        });
      }
      return done;
    }

    // Only what was built may be chosen.
    function choosePicture() {
      const method = chosen("method");
      const inputs = [...figure.querySelectorAll('input[name="map-dimensions"]')];
      for (const input of inputs) {
        const missing = pictureOf(method, input.value) === undefined;
        input.disabled = missing;
        input.parentElement.title = missing ? spec.text.noPicture : "";
      }
      if (inputs.some((input) => input.checked && input.disabled)) {
        inputs.find((input) => !input.disabled).checked = true;
      }
      const shown = pictureOf(method, chosen("dimensions"));
      find(".map-note").textContent = shown.dimensions === 3 && !webgl ? spec.text.noWebgl : shown.note;
      draw();
    }

    function chooseGrouping() {
      figure.querySelectorAll(".legend").forEach((legend) => {
        legend.hidden = legend.dataset.grouping !== chosen("grouping");
      });
      draw();
    }

    function press() {
      figure.querySelectorAll(".legend").forEach((legend) => {
        legend.querySelectorAll("button[data-group]").forEach((button) => {
          const off = hidden[legend.dataset.grouping].has(Number(button.dataset.group));
          button.setAttribute("aria-pressed", String(!off));
        });
      });
      draw();
    }

    function lookUp() {
      const wanted = search.value.trim().replace(/^@/, "").toLocaleLowerCase(root.lang);
      const tooShort = [...wanted].length < 2; // a letter is in nearly every handle
      hits = tooShort ? [] : everyone.filter((index) => searched[index].includes(wanted));
      const list = found.querySelector("ul");
      const sentence = hits.length === 0 ? spec.text.foundNone : hits.length > most ? spec.text.foundMore : spec.text.found;
      found.hidden = tooShort;
      found.querySelector("[role=status]").textContent =
        tooShort ? "" : fill(sentence, { n: number.format(hits.length), most: String(most) });
      list.replaceChildren(...hits.slice(0, most).map((index) => {
        const item = document.createElement("li");
        const who = document.createElement("bdi");
        who.textContent = plain(spec.labels[index]);
        const [platform, tier, cluster] = ["platform", "tier", "cluster"].map((name) => plain(groupOf(name, index).label));
        item.append(who, ` – ${platform}, ${tier} – ${cluster}`);
        return item;
      }));
      draw();
    }

    function rotate(direction) {
      const { x, y, z } = camera.eye;
      const angle = (direction * Math.PI) / 12;
      const eye = { x: x * Math.cos(angle) - y * Math.sin(angle), y: x * Math.sin(angle) + y * Math.cos(angle), z };
      camera = { ...camera, eye };
      Plotly.relayout(plot, { "scene.camera": camera });
    }

    function listen() {
      figure.querySelectorAll(".script-only").forEach((element) => { element.hidden = false; });
      filter.hidden = false;
      figure.querySelectorAll('input[name="map-method"], input[name="map-dimensions"]').forEach((input) => {
        input.addEventListener("change", choosePicture);
      });
      figure.querySelectorAll('input[name="map-grouping"]').forEach((input) => {
        input.addEventListener("change", chooseGrouping);
      });
      figure.querySelectorAll("button[data-group]").forEach((button) => {
        const groups = hidden[button.closest(".legend").dataset.grouping];
        const group = Number(button.dataset.group);
        button.disabled = false;
        button.addEventListener("click", () => {
          if (!groups.delete(group)) {
            groups.add(group);
          }
          press();
        });
      });
      filter.querySelector("[data-all=show]").addEventListener("click", () => {
        Object.values(hidden).forEach((groups) => groups.clear());
        press();
      });
      filter.querySelector("[data-all=hide]").addEventListener("click", () => {
        spec.groupings[chosen("grouping")].groups.forEach((_, group) => hidden[chosen("grouping")].add(group));
        press();
      });
      turn.querySelectorAll("button[data-turn]").forEach((button) => {
        button.addEventListener("click", () => rotate(Number(button.dataset.turn)));
      });
      let waiting = 0;
      search.addEventListener("input", () => {
        clearTimeout(waiting);
        waiting = setTimeout(lookUp, 150); // a redraw per letter would lag behind the fingers
      });
      matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
    }

    stand(false);
    Promise.resolve()
      .then(draw)
      .then(() => {
        listen();
        choosePicture(); // a reloaded page may come with other choices still made
        chooseGrouping();
      })
      .catch((error) => {
        stand(true);
        console.error(error);
      });
  }

  document.querySelectorAll("figure[data-map]").forEach(startMap);
})();
