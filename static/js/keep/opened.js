/** The steps from an opened picture to strokes, each with a picture and a few words. */

import { bytesFrom, colourOf, find, findAll, paintPixels } from "../page/dom.js";

/**
 * @import { Layer } from "../answer/types.js"
 * @import { Stage } from "../stage.js"
 */

/**
 * @param {HTMLElement} root holds an img of the file, a [data-step] with a canvas for each step in
 *   the server's answer, and a button that closes it
 * @param {Stage} stage
 * @returns {{show: (file: Blob, steps: Record<string, Layer>) => void}}
 */
export function createOpened(root, stage) {
  const file = find(root, "img", HTMLImageElement);
  const pictures = findAll(root, "[data-step]", HTMLElement).map((step) => ({
    step,
    name: step.dataset.step ?? "",
    canvas: find(step, "canvas", HTMLCanvasElement),
  }));
  /** @type {Record<string, Layer> | null} */
  let steps = null;
  let painted = ""; // the colour

  function close() {
    if (steps === null) return;
    steps = null;
    root.hidden = true;
    URL.revokeObjectURL(file.src);
    file.removeAttribute("src");
  }

  function paint() {
    if (steps === null) return;
    painted = colourOf(root);
    for (const { step, name, canvas } of pictures) {
      const found = steps[name];
      step.hidden = found === undefined;
      if (found) paintPixels(canvas, bytesFrom(found.data), found.shape[1]);
    }
  }

  find(root, "button", HTMLButtonElement).addEventListener("click", close);
  stage.show(() => {
    if (steps !== null && colourOf(root) !== painted) paint();
  });

  return {
    show(blob, found) {
      close();
      steps = found;
      file.src = URL.createObjectURL(blob);
      root.hidden = false;
      paint();
    },
  };
}
