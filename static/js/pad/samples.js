/** "Try one": digits in our own hand, drawn as if by a pen. Their points are loaded when needed. */

import { createMenu } from "../keep/menu.js";
import { findAll } from "../page/dom.js";
import { once } from "../page/load.js";
import { firstPoints } from "./drawing.js";

/**
 * @import { Stage } from "../stage.js"
 * @import { Point, Stroke } from "./drawing.js"
 * @import { Shape } from "./shapes.js"
 */

const SIDE = 100; // of the square on which the shapes are given
const STEP = 2; // from point to point of a curve, in the unit of the shapes
const DRAWN_MS = 550; // from the first point to the last
const NUMBER = { scale: 0.6, top: 0.2, gap: 0.12 }; // of a digit on the wide pad, in its heights

/**
 * A smooth curve through points (Catmull and Rom). A point that stands twice is a corner.
 *
 * @param {number[]} flat x, y, x, y, …
 * @returns {Point[]} in the same unit
 */
export function curve(flat) {
  /** @type {Point[]} */
  const knots = [];
  for (let i = 0; i < flat.length; i += 2) knots.push([flat[i], flat[i + 1]]);
  const points = [knots[0]];
  for (let i = 1; i < knots.length; i += 1) {
    const [start, end] = [knots[i - 1], knots[i]];
    const four = [knots[i - 2] ?? start, start, end, knots[i + 1] ?? end];
    const distance = Math.hypot(end[0] - start[0], end[1] - start[1]);
    const steps = distance === 0 ? 0 : Math.max(1, Math.round(distance / STEP));
    for (let step = 1; step <= steps; step += 1) {
      const [x, y] = [0, 1].map((axis) => spline(four.map((knot) => knot[axis]), step / steps));
      points.push([x, y]);
    }
  }
  return points;
}

/**
 * One coordinate between the second and the third of four points.
 *
 * @param {number[]} four
 * @param {number} t 0 at the second point, 1 at the third
 */
function spline([a, b, c, d], t) {
  const [linear, square, cube] = [c - a, 2 * a - 5 * b + 4 * c - d, 3 * b - a - 3 * c + d];
  return (2 * b + linear * t + square * t ** 2 + cube * t ** 3) / 2;
}

/**
 * A sample on the pad: alone in the middle, or as the next digit of a number.
 *
 * @param {Shape} shape
 * @param {readonly Stroke[]} strokes on the pad
 * @param {boolean} many whether the pad is for a whole number
 * @param {number} width of the pad, in its heights
 * @returns {{kept: readonly Stroke[], added: Stroke[]}} kept: of the strokes on the pad
 */
export function place(shape, strokes, many, width) {
  const lines = shape.map(curve);
  const xs = lines.flat().map(([x]) => x);
  const scale = (many ? NUMBER.scale : 1) / SIDE;
  const extent = (Math.max(...xs) - Math.min(...xs)) * scale;
  const end = Math.max(0, ...strokes.flat().map(([x]) => x));
  const fits = many && end + extent + 2 * NUMBER.gap <= width;
  const kept = fits ? strokes : [];
  const left = many
    ? (fits ? end : 0) + NUMBER.gap - Math.min(...xs) * scale
    : (width - 1) / 2;
  const round = (/** @type {number} */ value) => Math.round(value * 1e4) / 1e4;
  const top = many ? NUMBER.top : 0;
  const added = lines.map((line) =>
    line.map(([x, y]) => /** @type {Point} */ ([round(left + x * scale), round(top + y * scale)])),
  );
  return { kept, added };
}

/**
 * Draw strokes as if by a pen; at once where the visitor wants no motion.
 *
 * @param {Stage} stage
 * @param {readonly Stroke[]} kept stay as they are
 * @param {readonly Stroke[]} added
 * @returns {() => void} draws the rest at once
 */
function play(stage, kept, added) {
  const { drawing } = stage;
  stage.moment(null);
  if (matchMedia("(prefers-reduced-motion: reduce)").matches) {
    drawing.replace([...kept, ...added]);
    stage.changed();
    return () => {};
  }
  const total = added.flat().length;
  const begun = performance.now();
  /** @type {readonly Stroke[] | null} */
  let drawn = null;

  /** @param {number} share of all points, to be drawn now */
  function show(share) {
    // The visitor may draw, undo or clear meanwhile.
    if (drawn !== null && drawing.strokes !== drawn) return;
    drawn = [...kept, ...firstPoints(added, Math.max(1, Math.round(share * total)))];
    drawing.sketch(drawn);
    if (share < 1) requestAnimationFrame(frame);
    else drawing.end();
    stage.changed();
  }

  function frame() {
    show(Math.min((performance.now() - begun) / DRAWN_MS, 1));
  }

  frame();
  return () => show(1);
}

/**
 * @param {HTMLElement} root a menu; its commands have a digit or "surprise" in data-sample
 * @param {HTMLCanvasElement} canvas the pad
 * @param {Stage} stage
 * @returns {{draw: (name: string) => Promise<void>}} name: a digit, or "surprise"
 */
export function createSamples(root, canvas, stage) {
  const menu = createMenu(root);
  /** @type {Record<string, number>} */
  const count = {}; // by name: how often it was drawn
  let finish = () => {}; // the sample that is being drawn
  const points = once(() => import("./shapes.js"));

  /** @param {string} name */
  async function draw(name) {
    const { DIGITS, SURPRISES } = await points(); // typed digits keep their order
    const shapes = name === "surprise" ? SURPRISES : DIGITS[Number(name)];
    count[name] ??= Math.floor(Math.random() * shapes.length);
    count[name] += 1;
    finish();
    const { drawing, state } = stage;
    const shape = shapes[count[name] % shapes.length];
    const width = canvas.clientWidth / canvas.clientHeight;
    const { kept, added } = place(shape, drawing.strokes, state.many, width);
    finish = play(stage, kept, added);
  }

  for (const button of findAll(root, "[data-sample]", HTMLButtonElement)) {
    button.addEventListener("click", () => {
      menu.close();
      draw(button.dataset.sample ?? "");
    });
  }
  return { draw };
}
