/**
 * The drawing as plain data: strokes, and every state they were in, for undo and redo.
 *
 * Nothing here knows a canvas or a pointer, and no stroke is ever changed in place: whoever
 * got `strokes` a moment ago still holds the drawing as it was.
 *
 * @typedef {readonly [number, number]} Point x to the right and y down, in heights of the pad
 * @typedef {readonly Point[]} Stroke from pen down to pen up
 * @typedef {ReturnType<typeof createDrawing>} Drawing
 */

// In heights of the pad: a tenth of a pixel of the 28. Nearer points add bytes, but no shape.
const NEAR = 0.004;

/**
 * An empty drawing.
 *
 * `sheet` is a number that changes whenever ink is taken away or brought back: an answer to a
 * question about an older sheet has nothing to say about this one.
 */
export function createDrawing() {
  /** @type {(readonly Stroke[])[]} */
  let states = [[]]; // the finished strokes after every change, oldest first
  let now = 0; // which of them is on the pad
  /** @type {Stroke | null} */
  let stroke = null; // the one being drawn
  let sheet = 0;

  /** @param {readonly Stroke[]} strokes */
  function remember(strokes) {
    states = [...states.slice(0, now + 1), strokes];
    now += 1;
  }

  /** @param {number} state */
  function turnTo(state) {
    if (state < 0 || state >= states.length) return;
    now = state;
    sheet += 1;
  }

  const drawing = {
    /** @returns {readonly Stroke[]} oldest first, the unfinished one last */
    get strokes() {
      return stroke === null ? states[now] : [...states[now], stroke];
    },
    get sheet() {
      return sheet;
    },
    get isBlank() {
      return drawing.strokes.length === 0;
    },
    get isBeingDrawn() {
      return stroke !== null;
    },
    get canUndo() {
      return now > 0 || stroke !== null;
    },
    get canRedo() {
      return now < states.length - 1 && stroke === null;
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
     * @returns {boolean} whether the stroke is longer for it
     */
    extend(points) {
      if (stroke === null) return false;
      const longer = [...stroke];
      for (const [x, y] of points) {
        const [lastX, lastY] = longer[longer.length - 1];
        if (Math.hypot(x - lastX, y - lastY) > NEAR) longer.push([x, y]);
      }
      const grew = longer.length > stroke.length;
      if (grew) stroke = longer;
      return grew;
    },

    /** Pen up: the stroke is part of the drawing. */
    end() {
      if (stroke === null) return;
      remember([...states[now], stroke]);
      stroke = null;
    },

    /** The stroke was a mistake of the device: as if it had never begun. */
    discard() {
      if (stroke === null) return;
      stroke = null;
      sheet += 1;
    },

    /** Take back the last stroke, or the last clear; with the pen down, the stroke at hand. */
    undo() {
      if (stroke !== null) drawing.discard();
      else turnTo(now - 1);
    },

    /** Take back the last undo. */
    redo() {
      if (stroke === null) turnTo(now + 1);
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
