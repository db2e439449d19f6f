/**
 * The pad: one pointer becomes strokes of the drawing, and the drawing becomes ink.
 *
 * Strokes are kept in widths of the pad, so the ink can be drawn again at any size and density.
 */

const PEN = 0.05; // width of a stroke, in widths of the pad
const LEFT_BUTTON = 1; // bit of PointerEvent.buttons: left button, finger or tip of the pen

/**
 * Make a canvas drawable.
 *
 * @param {HTMLCanvasElement} canvas square; its CSS colour is the colour of the ink
 * @param {ReturnType<import("./drawing.js").createDrawing>} drawing where the strokes go
 * @param {() => void} changed called after each change of the drawing made here
 * @returns {{update: () => void}} update draws the ink again, at any time
 */
export function createPad(canvas, drawing, changed) {
  const context = canvas.getContext("2d");
  let pointer = null; // the id of the one pointer that draws

  function finish(how) {
    if (pointer === null) return;
    pointer = null;
    how();
    changed();
  }

  function down(event) {
    if (pointer !== null || event.button !== 0) return;
    pointer = event.pointerId;
    canvas.setPointerCapture(pointer);
    drawing.begin(pointsOf(event, canvas)[0]);
    changed();
  }

  function move(event) {
    if (event.pointerId !== pointer) return;
    drawing.extend(pointsOf(event, canvas));
    // A left button let go while the right one is held arrives as a move, not as an up.
    if (event.buttons & LEFT_BUTTON) changed();
    else finish(drawing.end);
  }

  function up(event) {
    if (event.pointerId !== pointer) return;
    drawing.extend(pointsOf(event, canvas));
    finish(drawing.end);
  }

  const only = (event, how) => event.pointerId === pointer && finish(how);

  canvas.addEventListener("pointerdown", down);
  canvas.addEventListener("pointermove", move);
  canvas.addEventListener("pointerup", up);
  canvas.addEventListener("pointercancel", (event) => only(event, drawing.discard));
  canvas.addEventListener("lostpointercapture", (event) => only(event, drawing.end));
  window.addEventListener("blur", () => finish(drawing.end));
  // iPadOS: Scribble waits to see whether a quick pen stroke is a word, and swallows it,
  // unless the page refuses the touch; touch-action alone does not.
  canvas.addEventListener("touchmove", (event) => event.preventDefault(), { passive: false });

  const update = () => paint(context, drawing.strokes);
  new ResizeObserver(update).observe(canvas);
  whenDensityChanges(update);
  return { update };
}

/** Where the pointer has been since the last event, in widths of the pad, kept on the pad. */
function pointsOf(event, canvas) {
  const box = canvas.getBoundingClientRect();
  const within = (value) => Math.round(Math.min(Math.max(value, 0), 1) * 1e4) / 1e4;
  // Missing on pages served without TLS, and empty for anything but a move.
  const coalesced = event.getCoalescedEvents?.() ?? [];
  return (coalesced.length > 0 ? coalesced : [event]).map(({ clientX, clientY }) => [
    within((clientX - box.left) / box.width),
    within((clientY - box.top) / box.height),
  ]);
}

/** Draw all strokes, at the canvas's present size and in its present colour. */
function paint(context, strokes) {
  const { canvas } = context;
  const side = Math.round(canvas.getBoundingClientRect().width * devicePixelRatio);
  if (canvas.width !== side) canvas.width = canvas.height = side;
  context.clearRect(0, 0, side, side);
  context.strokeStyle = context.fillStyle = getComputedStyle(canvas).color;
  context.lineWidth = PEN * side;
  context.lineCap = context.lineJoin = "round";
  for (const stroke of strokes) trace(context, stroke, side);
}

/** One stroke as a smooth line: through the midpoints, bent towards the points. */
function trace(context, stroke, side) {
  const points = stroke.map(([x, y]) => [x * side, y * side]);
  context.beginPath();
  if (points.length === 1) {
    // A tap is a dot; a line of no length would be nothing at all.
    context.arc(...points[0], (PEN * side) / 2, 0, 2 * Math.PI);
    context.fill();
    return;
  }
  context.moveTo(...points[0]);
  for (let i = 1; i < points.length - 1; i += 1) {
    const [x, y] = points[i];
    const [nextX, nextY] = points[i + 1];
    context.quadraticCurveTo(x, y, (x + nextX) / 2, (y + nextY) / 2);
  }
  context.lineTo(...points.at(-1));
  context.stroke();
}

/** Call back when the window moves to another screen, or the page is zoomed. */
function whenDensityChanges(callback) {
  const density = matchMedia(`(resolution: ${devicePixelRatio}dppx)`);
  const changed = () => {
    callback();
    whenDensityChanges(callback);
  };
  density.addEventListener("change", changed, { once: true });
}
