/**
 * The pad: it records one pointer as strokes of the drawing, and paints the drawing.
 *
 * Strokes are kept in heights of the pad, so the ink can be drawn again at any size and density.
 * A pen goes before a finger: a palm often rests on the glass first.
 */

import { colourOf, contextOf, eventsIn, whenDensityChanges } from "../page/dom.js";
import { pointOf } from "./drawing.js";

/**
 * @import { Drawing, Stroke } from "./drawing.js"
 *
 * @typedef {(context: CanvasRenderingContext2D, height: number) => void} Painter paints on the
 *   pad, over the ink; height: of the pad, in pixels
 */

export const PEN_WIDTH = 0.05; // of a stroke, in heights of the pad
const PALE = 0.15; // opacity of ink that is on the pad, but not read
const LEFT_BUTTON = 1; // bit of PointerEvent.buttons: left button, finger or tip of the pen

/**
 * Make a canvas drawable.
 *
 * @param {HTMLCanvasElement} canvas its CSS colour is the colour of the ink
 * @param {HTMLCanvasElement} marks lies over it and shows what a painter paints
 * @param {() => Drawing} drawing the drawing that gets the strokes
 * @param {() => readonly Stroke[]} shown the strokes to be shown in full; those of the drawing
 *   beyond them are pale
 * @param {object} listeners
 * @param {() => void} listeners.changed called at once after each change of the ink, to send it
 * @param {() => void} listeners.moved called in the frame in which the pen moved, to show it
 * @returns {{update: () => void, mark: (painter: Painter | null) => void}} update draws the ink
 *   again, at any time; mark: who paints over it
 */
export function createPad(canvas, marks, drawing, shown, { changed, moved }) {
  const context = contextOf(canvas);
  const overlay = contextOf(marks);
  /** @type {Painter | null} */
  let painter = null;
  /** @type {PointerEvent | null} */
  let begun = null; // the pointerdown of the one pointer that draws
  let isHeld = false; // whether the browser sends the pad all events of that pointer
  // The place of the pad. It is measured when it may have changed: measuring at every movement
  // would make the browser lay out the page each time.
  let box = canvas.getBoundingClientRect();
  let newest = 0; // timeStamp of the newest point
  let places = new Set(); // of all points with that time: a coarse clock gives it to several
  /** @type {unknown[] | null} */
  let painted = null; // colour, size and strokes as they are painted now

  /** @param {PointerEvent} event */
  const isDrawing = ({ pointerId }) => pointerId === begun?.pointerId;

  function end() {
    if (begun === null) return;
    begun = null;
    drawing().end();
    moved();
  }

  function discard() {
    begun = null;
    drawing().discard();
    changed();
    moved();
  }

  /** @param {PointerEvent} event */
  function down(event) {
    if (event.button !== 0) return;
    if (begun !== null) {
      const isPalm = begun.pointerType === "touch" && event.pointerType === "pen";
      if (isPalm) discard();
      else if (canvas.hasPointerCapture(begun.pointerId)) return;
      else end(); // its pointerup was lost
    }
    begun = event;
    isHeld = capture(canvas, event.pointerId);
    measure();
    newest = -Infinity;
    isNew(event);
    drawing().begin(pointOf(event, box));
    changed();
    moved();
  }

  /**
   * Whether no earlier event reported this point: pointerrawupdate and pointermove report the same.
   *
   * @param {PointerEvent} event
   */
  function isNew({ timeStamp, clientX, clientY }) {
    if (timeStamp < newest) return false;
    if (timeStamp > newest) places = new Set();
    newest = timeStamp;
    const { size } = places;
    return places.add(`${clientX} ${clientY}`).size > size;
  }

  /**
   * Add the places of the pointer since the last event.
   *
   * @param {PointerEvent} event
   */
  function extend(event) {
    // The capture may be lost before the page gets the event about it.
    if (!isDrawing(event) || (isHeld && !canvas.hasPointerCapture(event.pointerId))) return;
    const events = eventsIn(event).filter(isNew);
    if (drawing().extend(events.map((one) => pointOf(one, box)))) changed();
  }

  /** @param {PointerEvent} event */
  function move(event) {
    if (!isDrawing(event)) return;
    extend(event);
    // If the right button is held, releasing the left one is a pointermove, not a pointerup.
    if (event.buttons & LEFT_BUTTON) moved();
    else end();
  }

  /** @param {PointerEvent} event */
  function up(event) {
    if (!isDrawing(event)) return;
    if (drawing().extend([pointOf(event, box)])) changed();
    end();
  }

  canvas.addEventListener("pointerdown", down);
  // pointerrawupdate comes up to a frame before pointermove, with the same points. Some browsers
  // lack it, and others have it only on pages served with TLS or from this machine.
  canvas.addEventListener("pointerrawupdate", /** @type {EventListener} */ (extend));
  canvas.addEventListener("pointermove", move);
  canvas.addEventListener("lostpointercapture", (event) => isDrawing(event) && end());
  // On the window: a pointer that could not be captured may be lifted anywhere.
  window.addEventListener("pointerup", up);
  window.addEventListener("pointercancel", (event) => isDrawing(event) && discard());
  window.addEventListener("blur", end);
  // iPadOS: Scribble takes quick pen strokes for handwriting and swallows them, unless the page
  // prevents the touch's default; touch-action alone is not enough.
  canvas.addEventListener("touchmove", (event) => event.preventDefault(), { passive: false });

  function update() {
    const strokes = shown();
    const { strokes: all } = drawing();
    const colour = colourOf(canvas);
    const [width, height] = [box.width, box.height].map((side) =>
      Math.round(side * devicePixelRatio),
    );
    const wanted = [colour, width, height, ...all, ...strokes]; // never changed in place
    const old = painted;
    if (old?.length === wanted.length && wanted.every((value, i) => value === old[i])) return;
    painted = wanted;
    for (const one of [canvas, marks]) {
      if (one.width !== width) one.width = width;
      if (one.height !== height) one.height = height;
    }
    context.clearRect(0, 0, width, height);
    const isWhole = all.every((stroke, i) => stroke === strokes[i]);
    if (!isWhole) paint(context, all, colour, PALE);
    paint(context, strokes, colour);
    paintMarks();
  }

  function paintMarks() {
    overlay.clearRect(0, 0, marks.width, marks.height);
    painter?.(overlay, marks.height);
  }

  /** @param {Painter | null} next */
  function mark(next) {
    if (next === painter) return;
    painter = next;
    paintMarks();
  }

  function measure() {
    box = canvas.getBoundingClientRect();
  }

  function resized() {
    measure();
    update();
  }

  window.addEventListener("scroll", measure, { passive: true });
  new ResizeObserver(resized).observe(canvas);
  whenDensityChanges(resized);
  return { update, mark };
}

/**
 * Let the pad get all events of a pointer, even beside it.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {number} pointer
 * @returns {boolean} false if the browser does not know the pointer (any more)
 */
function capture(canvas, pointer) {
  try {
    canvas.setPointerCapture(pointer);
    return true;
  } catch {
    return false;
  }
}

/**
 * Paint all strokes, scaled to the canvas.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {readonly Stroke[]} strokes
 * @param {string} colour
 * @param {number} [opacity]
 */
function paint(context, strokes, colour, opacity = 1) {
  const { height } = context.canvas;
  context.globalAlpha = opacity;
  context.strokeStyle = context.fillStyle = colour;
  context.lineWidth = PEN_WIDTH * height;
  context.lineCap = context.lineJoin = "round";
  for (const stroke of strokes) trace(context, stroke, height);
}

/**
 * Paint one stroke as quadratic curves between the midpoints, with the points as control points.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {Stroke} stroke
 * @param {number} height of the pad, in pixels
 */
function trace(context, stroke, height) {
  const points = stroke.map(([x, y]) => /** @type {const} */ ([x * height, y * height]));
  context.beginPath();
  if (points.length === 1) {
    // A tap is a dot; a line without length would paint nothing.
    context.arc(...points[0], (PEN_WIDTH * height) / 2, 0, 2 * Math.PI);
    context.fill();
    return;
  }
  context.moveTo(...points[0]);
  for (let i = 1; i < points.length - 1; i += 1) {
    const [x, y] = points[i];
    const [nextX, nextY] = points[i + 1];
    context.quadraticCurveTo(x, y, (x + nextX) / 2, (y + nextY) / 2);
  }
  context.lineTo(...points[points.length - 1]);
  context.stroke();
}
