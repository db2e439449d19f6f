/**
 * The pad: one pointer becomes strokes of the drawing, and the drawing becomes ink.
 *
 * Strokes are kept in heights of the pad, so the ink can be drawn again at any size and density.
 */

import { colourOf } from "./colours.js";
import { contextOf } from "./dom.js";

/** @import { Drawing, Point, Stroke } from "./drawing.js" */

export const PEN = 0.05; // width of a stroke, in heights of the pad
const LEFT_BUTTON = 1; // bit of PointerEvent.buttons: left button, finger or tip of the pen

/**
 * Make a canvas drawable.
 *
 * @param {HTMLCanvasElement} canvas its CSS colour is the colour of the ink
 * @param {() => Drawing} drawing where the strokes go
 * @param {object} listeners
 * @param {() => void} listeners.changed called at once after each change of the ink: to be heard
 * @param {() => void} listeners.moved called in the frame in which the pen has moved: to be seen
 * @returns {{update: () => void}} update draws the ink again, at any time
 */
export function createPad(canvas, drawing, { changed, moved }) {
  const context = contextOf(canvas);
  /** @type {number | null} */
  let pointer = null; // the id of the one pointer that draws
  let box = canvas.getBoundingClientRect(); // where the pad is, read when it may have changed:
  // reading it at every movement would make the browser lay out the page each time
  let newest = 0; // when the newest point was made: it may be told twice
  /** @type {unknown[] | null} */
  let painted = null; // what the ink on the pad was drawn from

  function end() {
    if (pointer === null) return;
    pointer = null;
    drawing().end();
    moved();
  }

  /** @param {PointerEvent} event */
  function cancel(event) {
    if (event.pointerId !== pointer) return;
    pointer = null;
    drawing().discard();
    changed();
    moved();
  }

  /** @param {PointerEvent} event */
  function down(event) {
    if (pointer !== null || event.button !== 0) return;
    pointer = event.pointerId;
    canvas.setPointerCapture(pointer);
    measure();
    newest = event.timeStamp;
    drawing().begin(pointOf(event, box));
    changed();
    moved();
  }

  /**
   * Take in where the pointer has been since the last event.
   *
   * @param {PointerEvent} event
   */
  function extend(event) {
    // The capture may be lost already, and the page not yet told of it.
    if (event.pointerId !== pointer || !canvas.hasPointerCapture(pointer)) return;
    const events = eventsIn(event).filter(({ timeStamp }) => timeStamp > newest);
    newest = event.timeStamp;
    if (drawing().extend(events.map((one) => pointOf(one, box)))) changed();
  }

  /** @param {PointerEvent} event */
  function move(event) {
    if (event.pointerId !== pointer) return;
    extend(event);
    // A left button let go while the right one is held arrives as a move, not as an up.
    if (event.buttons & LEFT_BUTTON) moved();
    else end();
  }

  /** @param {PointerEvent} event */
  function up(event) {
    if (event.pointerId !== pointer) return;
    if (drawing().extend([pointOf(event, box)])) changed();
    end();
  }

  canvas.addEventListener("pointerdown", down);
  // As soon as the browser knows, up to a frame before the move; it has all that the move will
  // have. Only where the page comes by TLS or from this machine, and not in every browser.
  canvas.addEventListener("pointerrawupdate", /** @type {EventListener} */ (extend));
  canvas.addEventListener("pointermove", move);
  canvas.addEventListener("pointerup", up);
  canvas.addEventListener("pointercancel", cancel);
  canvas.addEventListener("lostpointercapture", (event) => event.pointerId === pointer && end());
  window.addEventListener("blur", end);
  // iPadOS: Scribble waits to see whether a quick pen stroke is a word, and swallows it,
  // unless the page refuses the touch; touch-action alone does not.
  canvas.addEventListener("touchmove", (event) => event.preventDefault(), { passive: false });

  function update() {
    const { strokes } = drawing();
    const colour = colourOf(canvas);
    const [width, height] = [box.width, box.height].map((side) =>
      Math.round(side * devicePixelRatio),
    );
    const news = [colour, width, height, ...strokes]; // strokes never change in place
    const old = painted;
    if (old?.length === news.length && news.every((value, i) => value === old[i])) return;
    painted = news;
    if (canvas.width !== width) canvas.width = width;
    if (canvas.height !== height) canvas.height = height;
    paint(context, strokes, colour);
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
  return { update };
}

/**
 * The events in one: those since the last that the browser told of.
 *
 * @param {PointerEvent} event
 */
function eventsIn(event) {
  // Missing on pages served without TLS, and empty for anything but a move.
  const coalesced = event.getCoalescedEvents?.() ?? [];
  return coalesced.length > 0 ? coalesced : [event];
}

/**
 * Where the pointer is, in heights of the pad, kept on the pad.
 *
 * @param {PointerEvent} event
 * @param {DOMRect} box of the pad
 * @returns {Point}
 */
function pointOf({ clientX, clientY }, { left, top, width, height }) {
  /**
   * @param {number} value
   * @param {number} most
   */
  const within = (value, most) => Math.round(Math.min(Math.max(value, 0), most) * 1e4) / 1e4;
  return [within((clientX - left) / height, width / height), within((clientY - top) / height, 1)];
}

/**
 * Draw all strokes, as large as the canvas is.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {readonly Stroke[]} strokes
 * @param {string} colour
 */
function paint(context, strokes, colour) {
  const { width, height } = context.canvas;
  context.clearRect(0, 0, width, height);
  context.strokeStyle = context.fillStyle = colour;
  context.lineWidth = PEN * height;
  context.lineCap = context.lineJoin = "round";
  for (const stroke of strokes) trace(context, stroke, height);
}

/**
 * One stroke as a smooth line: through the midpoints, bent towards the points.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {Stroke} stroke
 * @param {number} height of the pad, in pixels
 */
function trace(context, stroke, height) {
  const points = stroke.map(([x, y]) => /** @type {const} */ ([x * height, y * height]));
  context.beginPath();
  if (points.length === 1) {
    // A tap is a dot; a line of no length would be nothing at all.
    context.arc(...points[0], (PEN * height) / 2, 0, 2 * Math.PI);
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

/**
 * Call back when the window moves to another screen, or the page is zoomed.
 *
 * @param {() => void} callback
 */
function whenDensityChanges(callback) {
  const density = matchMedia(`(resolution: ${devicePixelRatio}dppx)`);
  const changed = () => {
    callback();
    whenDensityChanges(callback);
  };
  density.addEventListener("change", changed, { once: true });
}
