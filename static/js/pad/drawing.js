/**
 * The drawing as plain data: its strokes, and all its earlier states for undo and redo.
 *
 * This module uses no canvas and no pointer. A stroke is never changed in place, so an array that
 * `strokes` returned earlier still is the drawing of that moment.
 *
 * @typedef {readonly [number, number]} Point x to the right and y down, in heights of the pad
 * @typedef {readonly Point[]} Stroke from pen down to pen up
 * @typedef {ReturnType<typeof createDrawing>} Drawing
 */

// In heights of the pad: a tenth of a pixel of the 28. Nearer points add bytes, but no shape.
const MIN_POINT_DISTANCE = 0.004;

/**
 * An empty drawing.
 *
 * `sheet` is a number that changes whenever ink is removed or restored. An answer to a question
 * about an older sheet is out of date.
 */
export function createDrawing() {
  /** @type {(readonly Stroke[])[]} */
  let states = [[]]; // the finished strokes after every change, oldest first
  let now = 0; // the index of the state on the pad
  /** @type {Stroke | null} */
  let stroke = null; // the unfinished stroke
  /** @type {readonly Stroke[] | null} */
  let sketch = null; // another drawing, as far as it is drawn; it replaces the one on the pad
  let sheet = 0;

  /** @param {readonly Stroke[]} strokes */
  function remember(strokes) {
    states = [...states.slice(0, now + 1), strokes];
    now += 1;
  }

  /** @param {number} state */
  function restore(state) {
    if (state < 0 || state >= states.length) return;
    now = state;
    sheet += 1;
  }

  const drawing = {
    /** @returns {readonly Stroke[]} oldest first, the unfinished one last */
    get strokes() {
      return sketch ?? (stroke === null ? states[now] : [...states[now], stroke]);
    },
    get sheet() {
      return sheet;
    },
    get isBlank() {
      return drawing.strokes.length === 0;
    },
    get isBeingDrawn() {
      return (stroke ?? sketch) !== null;
    },
    get canUndo() {
      return now > 0 || drawing.isBeingDrawn;
    },
    get canRedo() {
      return now < states.length - 1 && !drawing.isBeingDrawn;
    },

    /** Pen down. @param {Point} point */
    begin(point) {
      drawing.end();
      stroke = [point];
    },

    /**
     * The pen moved; nothing happens if it is up.
     *
     * @param {readonly Point[]} points
     * @returns {boolean} whether the stroke became longer
     */
    extend(points) {
      if (stroke === null) return false;
      const longer = [...stroke];
      for (const [x, y] of points) {
        const [lastX, lastY] = longer[longer.length - 1];
        if (Math.hypot(x - lastX, y - lastY) > MIN_POINT_DISTANCE) longer.push([x, y]);
      }
      const grew = longer.length > stroke.length;
      if (grew) stroke = longer;
      return grew;
    },

    /** Pen up: the stroke is part of the drawing. */
    end() {
      if (!drawing.isBeingDrawn) return;
      remember(drawing.strokes);
      stroke = sketch = null;
    },

    /** The stroke was a mistake of the device: as if it had never begun. */
    discard() {
      if (!drawing.isBeingDrawn) return;
      stroke = sketch = null;
      sheet += 1;
    },

    /** Take back the last point of the unfinished stroke. */
    shorten() {
      if (stroke === null) return;
      if (stroke.length === 1) return drawing.discard();
      stroke = stroke.slice(0, -1);
      sheet += 1;
    },

    /** Take back the last stroke or the last clear; with the pen down, the unfinished stroke. */
    undo() {
      if (drawing.isBeingDrawn) drawing.discard();
      else restore(now - 1);
    },

    /** Take back the last undo. */
    redo() {
      if (!drawing.isBeingDrawn) restore(now + 1);
    },

    /**
     * Another drawing in place of this one, which is still being drawn; `end` finishes it.
     * It is one step for undo, however often it grows.
     *
     * @param {readonly Stroke[]} strokes
     */
    sketch(strokes) {
      if (sketch === null) {
        drawing.end();
        sheet += 1;
      }
      sketch = strokes;
    },

    /**
     * Another drawing in place of this one; undo brings this one back.
     *
     * @param {readonly Stroke[]} strokes
     */
    replace(strokes) {
      drawing.end();
      remember([...strokes]);
      sheet += 1;
    },

    /** A blank pad; undo brings the drawing back. */
    clear() {
      drawing.end();
      if (drawing.isBlank) return;
      remember([]);
      sheet += 1;
    },
  };
  return drawing;
}

/**
 * A place of the window in heights of the pad, limited to the pad.
 *
 * @param {{clientX: number, clientY: number}} place in CSS pixels
 * @param {DOMRect} box of the pad
 * @returns {Point}
 */
export function pointOf({ clientX, clientY }, { left, top, width, height }) {
  /**
   * @param {number} value
   * @param {number} max
   */
  const within = (value, max) => Math.round(Math.min(Math.max(value, 0), max) * 1e4) / 1e4;
  return [within((clientX - left) / height, width / height), within((clientY - top) / height, 1)];
}

/**
 * The beginning of a drawing.
 *
 * @param {readonly Stroke[]} strokes
 * @param {number} points how many, over all strokes
 * @returns {readonly Stroke[]} whole strokes are the same arrays, the last one may be a part
 */
export function firstPoints(strokes, points) {
  /** @type {Stroke[]} */
  const found = [];
  let left = points;
  for (const stroke of strokes) {
    if (left <= 0) break;
    found.push(left < stroke.length ? stroke.slice(0, left) : stroke);
    left -= stroke.length;
  }
  return found;
}

/**
 * Whether two drawings are the same; strokes never change in place.
 *
 * @param {readonly Stroke[]} some
 * @param {readonly Stroke[]} others
 */
export const isSame = (some, others) =>
  some.length === others.length && some.every((stroke, i) => stroke === others[i]);
