/** Inside the network: the output of every layer, as rows of small pictures. */

import { bytesFrom, colourOf, find, findAll, paintPixels } from "../page/dom.js";

/**
 * @import { Answer, Layer } from "../answer/types.js"
 * @import { State, Tab } from "../stage.js"
 */

/**
 * @param {HTMLElement} root holds one .layer for each layer that is shown, with its name in
 *   data-layer and an empty .layer-maps; data-width where single values form a figure
 * @returns {Tab}
 */
export function create(root) {
  const rows = findAll(root, ".layer", HTMLElement).map((row) => ({
    row,
    name: row.dataset.layer ?? "",
    maps: find(row, ".layer-maps", HTMLElement),
    columns: Number(row.dataset.width ?? Infinity), // single values: Infinity makes one strip
  }));

  /** @type {{answer: Answer | null, colour: string} | undefined} */
  let shown; // on the page; most updates do not change it

  /** @param {State} state */
  function update(state) {
    const answer = state.many ? null : state.answer;
    const colour = colourOf(root);
    if (shown?.answer === answer && shown.colour === colour) return;
    shown = { answer, colour };
    for (const { row, name, maps, columns } of rows) {
      const layer = answer?.layers?.[name] ?? null;
      row.classList.toggle("is-empty", layer === null);
      if (layer === null) maps.replaceChildren();
      else fill(maps, layer, columns);
    }
  }

  return { update, wants: () => ({ fields: { layers: true } }) };
}

/**
 * One canvas for each map of (count, height, width); a layer of single values is one canvas.
 *
 * @param {HTMLElement} maps
 * @param {Layer} layer
 * @param {number} columns
 */
function fill(maps, { shape: [count, height = 1, width = 1], data }, columns) {
  const isSingle = height * width === 1;
  const canvases = canvasesIn(maps, isSingle ? 1 : count);
  maps.classList.toggle("is-strip", isSingle && columns >= count);
  const values = bytesFrom(data);
  const size = values.length / canvases.length;
  canvases.forEach((canvas, map) => {
    const part = values.subarray(map * size, (map + 1) * size);
    paintPixels(canvas, part, isSingle ? Math.min(columns, count) : width);
  });
}

/**
 * The canvases of a row. New ones are made if the number of maps has changed.
 *
 * @param {HTMLElement} maps
 * @param {number} count
 */
function canvasesIn(maps, count) {
  if (maps.children.length !== count) {
    const make = () => document.createElement("canvas");
    maps.replaceChildren(...Array.from({ length: count }, make));
  }
  return findAll(maps, "canvas", HTMLCanvasElement);
}
