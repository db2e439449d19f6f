/**
 * One layer: all its maps on one canvas, a frame around the chosen unit, and one tab stop with the
 * arrow keys.
 */

import { contextOf, find, setAttribute, setHidden, setText } from "../../page/dom.js";
import { fittingGrid, gridOf, moved, placeOf, placeOfMap, unitAt, unitSide } from "./grid.js";
import { layerName } from "./words.js";

/**
 * @import { Grid } from "./grid.js"
 *
 * @typedef {object} Listeners
 * @property {(index: number[]) => void} pointed the mouse is over this unit
 * @property {(index: number[]) => void} taken the unit was clicked or tapped
 * @property {(index: number[]) => void} moved a key leads to the unit, or the layer has the focus
 *
 * @typedef {object} Painting
 * @property {Uint32Array} pixels one for each unit, map by map
 * @property {number} limit the value of the full colour
 */

const GLYPHS = [10, 12, 7]; // their count, height and width

/**
 * @param {HTMLElement} row with data-across: how many maps may stand side by side, the most first
 *   (data-across-glyphs where the network compares figures); data-most: the largest side of a unit
 *   in CSS pixels
 * @param {Listeners} listeners
 */
export function createLayer(row, listeners) {
  const maps = find(row, ".inside-maps", HTMLElement);
  const canvas = find(maps, "canvas", HTMLCanvasElement);
  const frame = find(maps, ".inside-frame", HTMLElement);
  const source = find(maps, ".inside-source", HTMLElement);
  const [low, high] = [find(row, ".inside-low", HTMLElement), find(row, ".inside-high", HTMLElement)];
  const name = row.dataset.layer ?? "";
  const most = Number(row.dataset.most);
  /** @type {number[]} */
  let shape = [1, 1, 1];
  let isWhole = false; // a map is one unit: a glyph
  /** @type {Grid} */
  let grid = fittingGrid(shape, [1], 1);
  let side = 1; // of a unit in CSS pixels
  /** @type {number[]} map, row, column of the unit that the keys start from */
  let place = [0, 0, 0];
  /** @type {{frame: readonly number[] | null, source: number[] | null}} */
  const marked = { frame: null, source: null };

  /**
   * Make room for maps of this shape, in the row as it is now.
   *
   * @param {number[]} wanted count, height, width; or count only
   * @param {boolean} hasGlyphs whether the network compares figures
   */
  function resize(wanted, hasGlyphs) {
    isWhole = hasGlyphs && name === "output";
    const [count, height = 1, width = 1] = isWhole ? GLYPHS : wanted;
    shape = [count, height, width];
    const size = height * width === 1 ? `${count} units` : `${count} maps of ${height} × ${width}`;
    const label = `${layerName(name)}: ${size}. Arrow keys choose a square.`;
    setAttribute(maps, "aria-label", label);
    const room = maps.parentElement?.clientWidth ?? 0;
    if (room === 0) return;
    const { across = "1", acrossGlyphs = across } = row.dataset;
    const choices = (hasGlyphs ? acrossGlyphs : across).split(" ").map(Number);
    grid = fittingGrid(shape, choices, room);
    side = unitSide(grid, room, most, devicePixelRatio);
    if (canvas.width !== grid.columns || canvas.height !== grid.rows) {
      [canvas.width, canvas.height] = [grid.columns, grid.rows];
    }
    maps.parentElement?.style.setProperty("--maps", `${grid.columns * side}px`);
    maps.style.height = `${grid.rows * side}px`;
    place = place.map((value, i) => Math.min(value, shape[i] - 1));
    mark(marked.frame);
    markSource(marked.source);
  }

  /** @param {Painting | null} painting of the shape that was last made room for */
  function paint(painting) {
    const context = contextOf(canvas);
    if (painting === null) {
      context.clearRect(0, 0, canvas.width, canvas.height);
      return;
    }
    const picture = new ImageData(grid.columns, grid.rows);
    copyMaps(painting.pixels, grid, new Uint32Array(picture.data.buffer));
    context.putImageData(picture, 0, 0);
    setText(low, `−${painting.limit}`);
    setText(high, String(painting.limit));
  }

  /** @param {readonly number[] | null} index */
  function mark(index) {
    marked.frame = index;
    setHidden(frame, index === null);
    if (index === null) return;
    place = [index[0], index[1] ?? 0, index[2] ?? 0];
    cover(frame, { ...placeOf(grid, isWhole ? [index[0]] : place) });
  }

  /** @param {number[] | null} part map, row, column, height, width of what the chosen unit reads */
  function markSource(part) {
    marked.source = part;
    setHidden(source, part === null);
    if (part === null) return;
    const [map, top, left, height, width] = part;
    const first = placeOfMap(grid, map);
    cover(source, { left: first.left + left, top: first.top + top, width, height });
  }

  /**
   * @param {HTMLElement} element
   * @param {Record<string, number>} sides in units
   */
  function cover(element, sides) {
    for (const [property, units] of Object.entries(sides)) {
      element.style.setProperty(property, `${units * side}px`);
    }
  }

  /** @param {readonly number[]} unit map, row, column */
  const indexOf = (unit) => (isWhole || shape[1] * shape[2] === 1 ? [unit[0]] : [...unit]);

  /** @param {MouseEvent} event */
  function under({ clientX, clientY }) {
    const box = canvas.getBoundingClientRect();
    return indexOf(unitAt(grid, (clientX - box.left) / side, (clientY - box.top) / side));
  }

  /** @param {KeyboardEvent} event */
  function press(event) {
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      listeners.taken(indexOf(place));
      return;
    }
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const units = isWhole ? gridOf([shape[0]], grid.across) : grid;
    const next = moved(units, isWhole ? [place[0]] : place, event.key);
    if (next === null) return;
    event.preventDefault();
    listeners.moved(indexOf(next));
  }

  maps.addEventListener("pointermove", (event) => {
    if (event.pointerType !== "touch") listeners.pointed(under(event));
  });
  maps.addEventListener("click", (event) => listeners.taken(under(event)));
  maps.addEventListener("keydown", press);
  maps.addEventListener("focus", () => {
    if (maps.matches(":focus-visible")) listeners.moved(indexOf(place));
  });

  return {
    name,
    row,
    resize,
    paint,
    mark,
    markSource,
  };
}

/**
 * Copy maps, which follow each other, to their places on a canvas.
 *
 * @param {Uint32Array} pixels
 * @param {Grid} grid
 * @param {Uint32Array} target
 */
function copyMaps(pixels, grid, target) {
  const { count, width, height, columns } = grid;
  for (let map = 0; map < count; map += 1) {
    const { left, top } = placeOfMap(grid, map);
    for (let row = 0; row < height; row += 1) {
      const start = (map * height + row) * width;
      target.set(pixels.subarray(start, start + width), (top + row) * columns + left);
    }
  }
}
