/** The pieces of the strokes, painted on the pad and as columns, and one of them looked at. */

import { PEN_WIDTH } from "../../pad/pad.js";
import { colourOf, find, findAll, setAttribute, setText } from "../../page/dom.js";
import { partOf } from "./curve.js";
import { aboutPiece } from "./words.js";

/**
 * @import { Point, Stroke } from "../../pad/drawing.js"
 * @import { Painter } from "../../pad/pad.js"
 * @import { Pair } from "./chooser.js"
 * @import { Why } from "./words.js"
 *
 * @typedef {object} Colours of the paint
 * @property {string} paper
 * @property {string} pale of what matters little
 * @property {string} plus
 * @property {string} minus
 */

const PALE = 0.3; // opacity
const DASH = 0.016; // width, in heights of the pad

/**
 * What is painted over the ink.
 *
 * @param {Why} why
 * @param {readonly Stroke[]} strokes that it is about
 * @param {number} chosen the number of the piece that is looked at, or -1
 * @param {Colours} colours
 * @returns {Painter}
 */
export function painterOf({ pieces, erasure }, strokes, chosen, colours) {
  const lines = pieces.map(({ stroke, from, to }) => partOf(strokes[stroke], from, to));
  const largest = Math.max(...pieces.map(({ effect }) => Math.abs(effect)));
  return (context, height) => {
    context.lineJoin = "round";
    for (const [i, line] of lines.entries()) {
      const { effect } = pieces[i];
      const colour = effect < 0 ? colours.minus : colours.plus;
      context.lineCap = "round";
      for (const [paint, opacity] of /** @type {[string, number][]} */ ([
        [colours.paper, 1],
        [colours.pale, PALE],
        [colour, largest > 0 ? Math.abs(effect) / largest : 0],
      ])) {
        trace(context, line, height, PEN_WIDTH, paint, opacity);
      }
    }
    context.lineCap = "butt";
    context.setLineDash([DASH * height, DASH * height]);
    for (const i of erasure?.pieces ?? []) {
      trace(context, lines[i], height, DASH, colours.paper, 1);
    }
    context.setLineDash([]);
    if (chosen >= 0) trace(context, lines[chosen], height, DASH, colours.pale, 1);
    context.globalAlpha = 1;
  };
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Point[]} line in heights of the pad
 * @param {number} height of the pad, in pixels
 * @param {number} width of the line, in heights of the pad
 * @param {string} colour
 * @param {number} opacity
 */
function trace(context, line, height, width, colour, opacity) {
  context.strokeStyle = colour;
  context.globalAlpha = opacity;
  context.lineWidth = width * height;
  context.beginPath();
  for (const [x, y] of line) context.lineTo(x * height, y * height);
  context.stroke();
}

/**
 * @param {HTMLElement} root
 * @param {() => void} changed called after another piece was chosen
 */
export function createInk(root, changed) {
  const slider = find(root, "input", HTMLInputElement);
  const columns = find(root, ".why-effects", HTMLElement);
  const column = find(root, "template", HTMLTemplateElement);
  const words = find(root, ".why-piece", HTMLElement);
  const colour = {
    paper: find(document, ".why-ground", HTMLElement),
    pale: root,
    plus: find(root, ".why-for", HTMLElement),
    minus: find(root, ".why-against", HTMLElement),
  };
  /** @type {Why | null} */
  let shown = null;

  slider.addEventListener("input", changed);

  /**
   * @param {Why | null} why
   * @param {Pair | null} pair
   */
  function update(why, pair) {
    if (why !== shown) {
      shown = why;
      slider.value = "0";
      slider.max = String(Math.max(1, why?.pieces.length ?? 0));
      slider.disabled = !why?.pieces.length;
      columns.replaceChildren(...(why?.pieces ?? []).map(columnOf));
    }
    const chosen = Number(slider.value) - 1;
    for (const [i, one] of [...columns.children].entries()) {
      one.classList.toggle("is-chosen", i === chosen);
    }
    const text = why === null || pair === null ? "" : aboutPiece(why, chosen, pair);
    setText(words, text);
    setAttribute(slider, "aria-valuetext", text);
  }

  /** @param {{effect: number}} piece */
  function columnOf({ effect }) {
    const copy = /** @type {DocumentFragment} */ (column.content.cloneNode(true));
    const [one] = findAll(copy, "span", HTMLElement);
    const largest = Math.max(...(shown?.pieces ?? []).map((piece) => Math.abs(piece.effect)));
    one.style.setProperty("--size", String(largest > 0 ? Math.abs(effect) / largest : 0));
    one.classList.toggle("is-against", effect < 0);
    return one;
  }

  return {
    get chosen() {
      return Number(slider.value) - 1;
    },
    /** @returns {Colours} */
    get colours() {
      return {
        paper: colourOf(colour.paper),
        pale: colourOf(colour.pale),
        plus: colourOf(colour.plus),
        minus: colourOf(colour.minus),
      };
    },
    update,
  };
}
