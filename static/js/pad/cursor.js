/** The pen that goes from point to point, moved by keys or set by taps, and its mark on the pad. */

import { setHidden } from "../page/dom.js";

/**
 * @import { Point, Stroke } from "./drawing.js"
 * @import { Stage } from "../stage.js"
 *
 * @typedef {ReturnType<typeof createCursor>} Cursor
 */

/**
 * A crosshair at a place of the pad, and the line that begins there.
 *
 * @param {HTMLElement} mark lies on the pad; hidden if the pen is not in use
 * @param {HTMLCanvasElement} canvas the pad
 * @param {Stage} stage
 */
export function createCursor(mark, canvas, stage) {
  /** @type {Point | null} */
  let point = null; // null: not placed yet
  /** @type {Stroke | null} */
  let line = null; // the unfinished stroke of this pen, as it was last
  let isShown = false;

  const width = () => canvas.clientWidth / canvas.clientHeight;

  /** Whether the unfinished stroke is of this pen: undo, clear or another pen may have ended it. */
  const isDown = () =>
    line !== null && stage.drawing.isBeingDrawn && stage.drawing.strokes.at(-1) === line;

  /** Tell the page of a changed line. */
  function changed() {
    line = stage.drawing.isBeingDrawn ? (stage.drawing.strokes.at(-1) ?? null) : null;
    if (line !== null) point = line[line.length - 1];
    stage.changed();
  }

  function update() {
    setHidden(mark, !isShown);
    if (!isShown) return;
    const [x, y] = cursor.point;
    mark.style.left = `${(100 * x) / width()}%`;
    mark.style.top = `${100 * y}%`;
    mark.dataset.pen = isDown() ? "down" : "up";
  }

  const cursor = {
    /** @returns {Point} in heights of the pad; the middle of the pad to begin with */
    get point() {
      point ??= [width() / 2, 0.5];
      return [Math.min(point[0], width()), point[1]];
    },
    get isDown() {
      return isDown();
    },
    /** @param {boolean} wanted */
    show(wanted) {
      isShown = wanted;
      update();
    },

    /** Put the pen down where it is. */
    down() {
      stage.moment(null);
      stage.drawing.begin(cursor.point);
      changed();
    },

    /** Lift the pen: the line is a stroke. */
    up() {
      if (!isDown()) return;
      stage.drawing.end();
      changed();
    },

    /**
     * Go to a place; with the pen down, by a straight line.
     *
     * @param {number} x in heights of the pad
     * @param {number} y
     */
    to(x, y) {
      const within = (/** @type {number} */ value, /** @type {number} */ max) =>
        Math.round(Math.min(Math.max(value, 0), max) * 1e4) / 1e4;
      const isLine = isDown();
      point = [within(x, width()), within(y, 1)];
      if (isLine && stage.drawing.extend([point])) changed();
      update();
    },

    /** Take back the last point of the line. @returns {boolean} false if the pen is up */
    back() {
      if (!isDown()) return false;
      stage.drawing.shorten();
      changed();
      return true;
    },
  };

  stage.show(update);
  return cursor;
}
