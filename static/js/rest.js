/** Whether the pen has rested: for a moment it has drawn nothing. */

// Longer than most pauses between two strokes of one digit.
const REST_MS = 800;

/**
 * @param {() => void} ended called when the pen has rested
 * @returns {{isOver: boolean, restart: () => void}} restart: to be called when the pen moves on the pad
 */
export function createRest(ended) {
  /** @type {ReturnType<typeof setTimeout> | null} */
  let timer = null;

  function end() {
    timer = null;
    ended();
  }

  return {
    get isOver() {
      return timer === null;
    },
    restart() {
      if (timer !== null) clearTimeout(timer);
      timer = setTimeout(end, REST_MS);
    },
  };
}
