/**
 * The place of each map of a layer on one canvas, and of each unit in it.
 *
 * All places are counted in units: one unit is one pixel of the canvas. Maps stand side by side, a
 * unit apart. Single values stand without gaps.
 */

const LEAST_PX = 3; // of a unit on the screen; with smaller ones more maps go below each other
const LEAST_SINGLE_PX = 11; // the same for single values

/**
 * @typedef {object} Grid
 * @property {number} count maps
 * @property {number} height of a map, in units
 * @property {number} width
 * @property {number} across maps side by side
 * @property {number} down rows of maps
 * @property {number} gap between maps, in units
 * @property {number} columns of the whole canvas, in units
 * @property {number} rows
 *
 * @typedef {{left: number, top: number, width: number, height: number}} Place in units
 */

/**
 * @param {readonly number[]} shape count, height, width; or count only
 * @param {number} across maps side by side
 * @returns {Grid}
 */
export function gridOf([count, height = 1, width = 1], across) {
  const gap = height * width === 1 ? 0 : 1;
  const down = Math.ceil(count / across);
  const columns = across * (width + gap) - gap;
  return { count, height, width, across, down, gap, columns, rows: down * (height + gap) - gap };
}

/**
 * The grid with the most maps side by side whose units are large enough to be pointed at.
 *
 * @param {readonly number[]} shape
 * @param {readonly number[]} choices of maps side by side, the largest first
 * @param {number} room CSS pixels from left to right
 * @returns {Grid}
 */
export function fittingGrid(shape, choices, room) {
  const grids = choices.map((across) => gridOf(shape, across));
  const least = grids[0].gap === 0 ? LEAST_SINGLE_PX : LEAST_PX;
  return grids.find(({ columns }) => room >= columns * least) ?? grids[grids.length - 1];
}

/**
 * The side of a unit in CSS pixels: a whole number of pixels of the screen.
 *
 * @param {Grid} grid
 * @param {number} room CSS pixels from left to right
 * @param {number} most CSS pixels
 * @param {number} ratio pixels of the screen for each CSS pixel
 */
export function unitSide({ columns }, room, most, ratio) {
  const pixels = Math.floor(Math.min(most, room / columns) * ratio);
  return Math.max(pixels, 1) / ratio;
}

/**
 * @param {Grid} grid
 * @param {number} map
 * @returns {{left: number, top: number}} of its first unit
 */
export function placeOfMap({ across, width, height, gap }, map) {
  const [row, column] = [Math.floor(map / across), map % across];
  return { left: column * (width + gap), top: row * (height + gap) };
}

/**
 * @param {Grid} grid
 * @param {readonly number[]} index map, row, column; or the map only
 * @returns {Place} of one unit, or of a whole map
 */
export function placeOf(grid, [map, row, column]) {
  const { left, top } = placeOfMap(grid, map);
  if (row === undefined || column === undefined) {
    return { left, top, width: grid.width, height: grid.height };
  }
  return { left: left + column, top: top + row, width: 1, height: 1 };
}

/**
 * The unit at a place of the canvas; between two maps the one beside the gap.
 *
 * @param {Grid} grid
 * @param {number} x in units
 * @param {number} y
 * @returns {[map: number, row: number, column: number]}
 */
export function unitAt({ count, width, height, across, down, gap }, x, y) {
  const [mapColumn, column] = split(x, width, gap, across);
  const [mapRow, row] = split(y, height, gap, down);
  return [Math.min(mapRow * across + mapColumn, count - 1), row, column];
}

/**
 * @param {number} place
 * @param {number} size of a map
 * @param {number} gap
 * @param {number} count maps
 * @returns {[map: number, unit: number]}
 */
function split(place, size, gap, count) {
  const whole = Math.min(Math.max(Math.floor(place), 0), count * (size + gap) - gap - 1);
  const map = Math.floor(whole / (size + gap));
  return [map, Math.min(whole - map * (size + gap), size - 1)];
}

/** What each key does: steps to the right and down, in units or in maps. */
const KEYS = new Map([
  ["ArrowLeft", { x: -1, y: 0, isMap: false }],
  ["ArrowRight", { x: 1, y: 0, isMap: false }],
  ["ArrowUp", { x: 0, y: -1, isMap: false }],
  ["ArrowDown", { x: 0, y: 1, isMap: false }],
  ["PageUp", { x: -1, y: 0, isMap: true }],
  ["PageDown", { x: 1, y: 0, isMap: true }],
]);

/**
 * The unit to which a key leads. Arrows go on in the next map at the edge of a map, PageUp and
 * PageDown to the same place of the next map, Home and End to the first and the last unit.
 *
 * @param {Grid} grid
 * @param {readonly number[]} index map, row, column
 * @param {string} key as in KeyboardEvent.key
 * @returns {[map: number, row: number, column: number] | null} null for other keys
 */
export function moved(grid, [map, row = 0, column = 0], key) {
  const { count, width, height, across } = grid;
  if (key === "Home") return [0, 0, 0];
  if (key === "End") return [count - 1, height - 1, width - 1];
  const step = KEYS.get(key);
  if (!step) return null;
  if (step.isMap) return [clamp(map + step.x, count), row, column];
  const x = (map % across) * width + column + step.x;
  const y = Math.floor(map / across) * height + row + step.y;
  if (x < 0 || y < 0 || x >= across * width) return [map, row, column];
  const other = Math.floor(y / height) * across + Math.floor(x / width);
  return other < count ? [other, y % height, x % width] : [map, row, column];
}

/**
 * @param {number} value
 * @param {number} count
 */
const clamp = (value, count) => Math.min(Math.max(value, 0), count - 1);
