/** A timeline: a slider that lies on curves, and a button that plays it. */

import { paintCurves } from "./curves.js";
import { colourOf, find, setAttribute, setText } from "./dom.js";

/**
 * @import { Curve } from "./curves.js"
 *
 * @typedef {ReturnType<typeof createTimeline>} Timeline
 */

const PLAY_MS = 2_800; // from the first moment to the last
const SLOWEST_MS = 280; // of one moment

/**
 * @param {HTMLElement} root holds a .timeline-play, a .timeline-curves with words for its gaps in
 *   data-gap, an input of type range and a .timeline-caption
 * @param {(index: number) => void} moved called when the visitor or the button has moved to another
 *   moment, counted from 0
 */
export function createTimeline(root, moved) {
  const slider = find(root, "input[type=range]", HTMLInputElement);
  const button = find(root, ".timeline-play", HTMLButtonElement);
  const canvas = find(root, ".timeline-curves", HTMLCanvasElement);
  const caption = find(root, ".timeline-caption", HTMLElement);
  const [play, pause] = [button.getAttribute("aria-label") ?? "", "Pause"];
  /** @type {ReturnType<typeof setTimeout> | null} */
  let timer = null; // runs while it plays
  /** @type {Curve[]} */
  let curves = [];
  const gap = canvas.dataset.gap ?? ""; // what is written into gaps of the curves
  let painted = ""; // the colour; asking for the size each time would cost a layout of the page

  const index = () => Number(slider.value);
  const last = () => Number(slider.max);

  /** @param {number} next */
  function goTo(next) {
    slider.value = String(next);
    moved(index());
  }

  function step() {
    if (index() >= last()) {
      stop();
      return;
    }
    timer = setTimeout(step, Math.min(PLAY_MS / (last() + 1), SLOWEST_MS));
    goTo(index() + 1);
  }

  /** @param {number} from the index of the moment to begin with */
  function begin(from) {
    stop();
    show(true);
    timer = setTimeout(step, SLOWEST_MS);
    goTo(from);
  }

  /** Play from the beginning, or on from the middle; a playing one pauses. */
  function toggle() {
    if (timer !== null) stop();
    else begin(index() < last() ? index() : 0);
  }

  function stop() {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    show(false);
  }

  /** @param {boolean} plays */
  function show(plays) {
    root.classList.toggle("is-playing", plays);
    setAttribute(button, "aria-label", plays ? pause : play);
  }

  function paint() {
    const colour = colourOf(canvas);
    if (colour === painted) return;
    painted = colour;
    paintCurves(canvas, curves, { gap });
  }

  slider.addEventListener("input", () => {
    stop();
    moved(index());
  });
  button.addEventListener("click", toggle);
  new ResizeObserver(() => {
    painted = "";
    paint();
  }).observe(canvas);

  return {
    get index() {
      return index();
    },
    /** Play from the beginning. */
    play: () => begin(0),
    stop,
    /** Paint the curves again if their colour changed. */
    paint,

    /**
     * @param {number} count of moments
     * @param {number} at the index of the moment to be at
     */
    range(count, at) {
      const max = String(Math.max(count - 1, 0));
      if (slider.max !== max) slider.max = max;
      if (slider.value !== String(at)) slider.value = String(at);
    },

    /** @param {Curve[]} next the curves behind the slider */
    draw(next) {
      curves = next;
      painted = "";
      paint();
    },

    /**
     * @param {string} text about the moment, under the slider
     * @param {string} [value] the same for screen readers, which say it at every step
     */
    say(text, value = text) {
      setText(caption, text);
      setAttribute(slider, "aria-valuetext", value);
    },
  };
}
