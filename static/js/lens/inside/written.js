/** The chosen unit, written out: its sum line by line, tables of what it reads, lists of terms. */

import { contextOf, find, findAll, setHidden, setText } from "../../page/dom.js";
import { plain } from "./numbers.js";
import { limitFor, tint } from "./tint.js";
import {
  lineOf,
  nameOf,
  scalingOf,
  scoresOf,
  sightOf,
  strongest,
  strongestMap,
  sumOf,
  tablesOf,
} from "./words.js";

/**
 * @import { Colours } from "./tint.js"
 * @import { Place, Term, Unit } from "./unit.js"
 * @import { Table } from "./words.js"
 */

const PALE = 2; // colours behind numbers are half as deep as those of the maps
const MANY_COLUMNS = 6; // a table with more has numbers of two places

/**
 * @param {HTMLElement} root holds the elements that are filled, and a template for each list
 * @param {object} listeners
 * @param {(place: Place) => void} listeners.jumped a term was chosen: to the unit it comes from
 * @param {() => void} listeners.chosen another map was chosen whose numbers are shown
 */
export function createWritten(root, { jumped, chosen }) {
  const name = find(root, ".unit-name", HTMLElement);
  const value = find(root, ".unit-value", HTMLElement);
  const sight = find(root, ".unit-sight", HTMLElement);
  const sum = find(root, ".unit-sum", HTMLElement);
  const which = find(root, ".unit-which", HTMLElement);
  const select = find(which, "select", HTMLSelectElement);
  const tables = findAll(root, ".unit-table", HTMLElement).map(createTable);
  const [plus, minus] = [".unit-plus", ".unit-minus"].map((s) => find(root, s, HTMLElement));
  const lists = find(root, ".unit-lists", HTMLElement);
  const scores = find(root, ".unit-scores", HTMLElement);
  let shownName = "";
  /** @type {Unit | null} */
  let shown = null;

  /**
   * @param {Unit | null} unit
   * @param {Colours} colours
   */
  function update(unit, colours) {
    root.classList.toggle("is-empty", unit === null);
    shown = unit;
    if (unit === null) return;
    const unitName = nameOf(unit.layer, unit.index);
    setText(name, unitName);
    setText(value, plain(unit.value));
    setText(sight, [`${sightOf(unit)}.`, scalingOf(unit)].filter(Boolean).join(" "));
    fill(sum, sumOf(unit).map(({ label, adds, total }) => [label, adds, total]));
    offerMaps(unit, unitName !== shownName);
    shownName = unitName;
    const all = tablesOf(unit, Number(select.value));
    for (const [i, table] of tables.entries()) table.update(all[i] ?? null, colours);
    listTerms(unit);
    listScores(unit);
  }

  /**
   * @param {Unit} unit
   * @param {boolean} isNew
   */
  function offerMaps({ inputs, reads }, isNew) {
    setHidden(which, inputs.length < 2);
    const names = inputs.map(({ map }) => `${reads.toUpperCase()}, map ${map + 1}`);
    const options = [...select.options];
    if (options.map(({ text }) => text).join() !== names.join()) {
      select.replaceChildren(...inputs.map(({ map }, i) => new Option(names[i], String(map))));
      isNew = true;
    }
    if (isNew && inputs.length > 0) select.value = String(strongestMap(inputs).map);
  }

  /** @param {Unit} unit */
  function listTerms(unit) {
    const terms = strongest(unit);
    setHidden(lists, terms.plus.length + terms.minus.length === 0);
    for (const [list, some] of /** @type {[HTMLElement, Term[]][]} */ ([
      [plus, terms.plus],
      [minus, terms.minus],
    ])) {
      fill(list, some.map((term) => {
        const line = lineOf(unit, term);
        return [line.unit, line.product, line.sum];
      }));
      for (const [i, { index }] of some.entries()) {
        const button = find(list.children[i], "button", HTMLButtonElement);
        const own = String(index);
        if (button.value !== own) button.value = own;
      }
    }
  }

  /** @param {Unit} unit */
  function listScores(unit) {
    const all = scoresOf(unit);
    const table = scores.closest("table");
    if (table) setHidden(table, all.length === 0);
    root.classList.toggle("has-distances", unit.operation === "distance");
    fill(scores, all.map(({ distance, score, share }, digit) => [
      String(digit), distance, score, share,
    ]));
    for (const [digit, row] of [...scores.children].entries()) {
      row.classList.toggle("is-chosen", digit === unit.index[0]);
    }
  }

  lists.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest("button") : null;
    if (button && shown) jumped({ layer: shown.reads, index: [Number(button.value)] });
  });
  select.addEventListener("change", chosen);

  return {
    update,
    /** @returns {number} the map whose numbers are shown */
    get map() {
      return Number(select.value);
    },
  };
}

/**
 * Make a list have these rows; each row is a copy of the template beside the list. Only texts that
 * have changed are written.
 *
 * @param {HTMLElement} list with the id of its template in data-template
 * @param {string[][]} rows texts of the cells of each row
 */
function fill(list, rows) {
  const template = find(document, `#${list.dataset.template}`, HTMLTemplateElement);
  while (list.children.length > rows.length) list.lastElementChild?.remove();
  while (list.children.length < rows.length) list.append(template.content.cloneNode(true));
  for (const [i, texts] of rows.entries()) {
    const cells = findAll(list.children[i], ".cell", HTMLElement);
    for (const [j, text] of texts.entries()) setText(cells[j], text);
  }
}

/**
 * A table of numbers in front of their colours.
 *
 * @param {HTMLElement} root
 */
function createTable(root) {
  const title = find(root, "figcaption", HTMLElement);
  const canvas = find(root, "canvas", HTMLCanvasElement);
  const body = find(root, "tbody", HTMLElement);
  /** @type {HTMLElement[]} */
  let cells = [];
  let shape = "";

  /**
   * @param {Table | null} table
   * @param {Colours} colours
   */
  function update(table, colours) {
    setHidden(root, table === null);
    if (table === null) return;
    setText(title, table.title);
    const [height, width] = [table.values.length, table.values[0].length];
    if (shape !== `${height} ${width}`) make(height, width);
    const values = table.values.flat();
    const places = width > MANY_COLUMNS ? 2 : 4;
    for (const [i, value] of values.entries()) setText(cells[i], plain(value, places));
    const limit = PALE * limitFor(Math.max(...values.map(Math.abs)));
    const picture = new ImageData(width, height);
    const pixels = new Uint32Array(picture.data.buffer);
    for (const [i, value] of values.entries()) pixels[i] = tint(value, limit, colours);
    contextOf(canvas).putImageData(picture, 0, 0);
  }

  /**
   * @param {number} height
   * @param {number} width
   */
  function make(height, width) {
    shape = `${height} ${width}`;
    [canvas.width, canvas.height] = [width, height];
    const rows = Array.from({ length: height }, () => {
      const row = document.createElement("tr");
      row.append(...Array.from({ length: width }, () => document.createElement("td")));
      return row;
    });
    body.replaceChildren(...rows);
    cells = findAll(body, "td", HTMLElement);
  }

  return { update };
}
