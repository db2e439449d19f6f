/** Drawing by taps, for those who cannot drag: each tap sets a point, joined to the one before. */

import { pointOf } from "./drawing.js";

/** @import { Cursor } from "./cursor.js" */

const NEAR = 0.05; // of the last point, in heights of the pad …
const NEAR_PX = 22; // … or in CSS pixels, if that is more: a finger is not exact

/**
 * @param {HTMLCanvasElement} canvas the pad
 * @param {HTMLButtonElement} lift ends a line; hidden unless lines are drawn by taps
 * @param {Cursor} cursor
 * @returns {{use: (isOn: boolean) => void, update: () => void}} use: whether taps draw
 */
export function createTaps(canvas, lift, cursor) {
  let isOn = false;
  /** @type {number | null} */
  let pressed = null; // the id of the pointer that is down on the pad

  /** @param {PointerEvent} event */
  function down(event) {
    if (!isOn) return;
    event.stopPropagation(); // the pad would begin a stroke
    pressed = event.isPrimary && event.button === 0 ? event.pointerId : null;
  }

  /** @param {PointerEvent} event */
  function up(event) {
    if (event.pointerId !== pressed) return;
    pressed = null;
    const box = canvas.getBoundingClientRect();
    const { clientX, clientY } = event;
    const isOnPad = clientX >= box.left && clientX <= box.right && clientY >= box.top;
    if (isOnPad && clientY <= box.bottom) tap(pointOf(event, box), box.height);
  }

  /**
   * @param {readonly [number, number]} point
   * @param {number} height of the pad, in CSS pixels
   */
  function tap([x, y], height) {
    const [lastX, lastY] = cursor.point;
    const isNear = Math.hypot(x - lastX, y - lastY) < Math.max(NEAR, NEAR_PX / height);
    if (cursor.isDown && isNear) {
      finish();
      return;
    }
    cursor.to(x, y);
    if (!cursor.isDown) cursor.down();
    cursor.show(true);
  }

  function finish() {
    cursor.up();
    cursor.show(false);
  }

  /** @param {boolean} wanted */
  function use(wanted) {
    if (isOn && !wanted) finish();
    isOn = wanted;
    document.body.classList.toggle("is-tapped", isOn);
    lift.hidden = !isOn;
  }

  function update() {
    const isUseless = String(!cursor.isDown);
    if (lift.getAttribute("aria-disabled") === isUseless) return;
    lift.setAttribute("aria-disabled", isUseless);
  }

  canvas.parentElement?.addEventListener("pointerdown", down, { capture: true });
  window.addEventListener("pointerup", up);
  window.addEventListener("pointercancel", () => {
    pressed = null;
  });
  lift.addEventListener("click", finish);
  return { use, update };
}
