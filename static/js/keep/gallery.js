/** Small pictures of labelled drawings, the newest first, each with its label. */

import { boxOf } from "../pad/box.js";
import { PEN_WIDTH } from "../pad/pad.js";
import { colourOf, contextOf, find, setText } from "../page/dom.js";

/**
 * @import { Stroke } from "../pad/drawing.js"
 * @import { Kept } from "./labels.js"
 */

const AT_ONCE = 48; // drawings; a button shows as many more
const MARGIN = 0.14; // of the picture's side, on each side
const LEAST_SIDE = 0.2; // heights of the pad: a smaller drawing is not shown larger

/**
 * Paint a drawing into the middle of a square, as large as fits.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {readonly Stroke[]} strokes
 */
export function paintDrawing(canvas, strokes) {
  const context = contextOf(canvas);
  const side = canvas.width;
  context.clearRect(0, 0, side, side);
  if (strokes.length === 0) return;
  const { left, top, width, height } = boxOf(strokes);
  const longer = Math.max(width, height);
  // Drawings of other sources have other units, and then this least side means nothing.
  const scale = (side * (1 - 2 * MARGIN)) / (longer < 1 ? Math.max(longer, LEAST_SIDE) : longer);
  const right = side / 2 - scale * (left + width / 2);
  const down = side / 2 - scale * (top + height / 2);
  context.strokeStyle = colourOf(canvas);
  context.lineCap = context.lineJoin = "round";
  context.lineWidth = side * PEN_WIDTH;
  context.beginPath();
  for (const stroke of strokes) {
    const [first] = stroke;
    context.moveTo(right + scale * first[0], down + scale * first[1]);
    // From the first point once more, so that a dot is painted too.
    for (const [x, y] of stroke) context.lineTo(right + scale * x, down + scale * y);
  }
  context.stroke();
}

/**
 * @param {HTMLElement} root a list
 * @param {HTMLTemplateElement} template of an item
 * @param {HTMLButtonElement} more shows further ones
 * @param {(key: number) => void} removed called when the visitor deletes one
 * @returns {{update: (drawings: readonly Kept[]) => void}} update: the newest first
 */
export function createGallery(root, template, more, removed) {
  /** @type {readonly Kept[]} */
  let all = [];
  let shown = AT_ONCE;

  /** @param {Kept} drawing */
  function itemOf({ key, label, strokes }) {
    const item = find(
      /** @type {DocumentFragment} */ (template.content.cloneNode(true)),
      "li",
      HTMLElement,
    );
    const name = label.length > 1 ? label : `a ${label}`;
    const canvas = find(item, "canvas", HTMLCanvasElement);
    const button = find(item, "button", HTMLButtonElement);
    item.dataset.key = String(key);
    canvas.setAttribute("aria-label", `A drawing: ${name}`);
    button.setAttribute("aria-label", `Delete this drawing: ${name}`);
    button.addEventListener("click", () => removed(key));
    setText(find(item, ".teach-label", HTMLElement), label);
    queueMicrotask(() => paintDrawing(canvas, strokes)); // in the page, so that it has a colour
    return item;
  }

  /** @param {readonly Kept[]} drawings */
  function update(drawings) {
    all = drawings;
    const wanted = all.slice(0, shown);
    const keys = new Set(wanted.map(({ key }) => String(key)));
    const items = new Map(
      [...root.children].map((item) => [/** @type {HTMLElement} */ (item).dataset.key, item]),
    );
    for (const [key, item] of items) if (!keys.has(key ?? "")) item.remove();
    wanted.forEach((drawing, place) => {
      const item = items.get(String(drawing.key)) ?? itemOf(drawing);
      if (root.children[place] !== item) root.insertBefore(item, root.children[place] ?? null);
    });
    more.hidden = all.length <= shown;
  }

  more.addEventListener("click", () => {
    const last = root.lastElementChild;
    shown += AT_ONCE;
    update(all);
    last?.nextElementSibling?.querySelector("button")?.focus(); // the button may be gone
  });

  return { update };
}
