/**
 * Values as two colours: zero is paper, the more above or below it, the deeper the colour.
 *
 * A colour is one number: a pixel of ImageData as Uint32Array has it on a little-endian machine,
 * which every browser runs on. The first byte is red, the last one is opacity.
 */

/** @typedef {readonly [red: number, green: number, blue: number]} Rgb 0 to 255 */

/**
 * The value that has the full colour: 1, 2 or 5 times a power of ten, so that it rarely changes.
 *
 * @param {number} largest of all values, without sign
 */
export function limitFor(largest) {
  if (!(largest > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(largest));
  const limit = [1, 2, 5, 10].find((factor) => factor * power >= largest * 0.9999) ?? 10;
  return Number((limit * power).toPrecision(1));
}

/**
 * @param {number} value
 * @param {number} limit the value of the full colour
 * @param {Rgb} plus
 * @param {Rgb} minus
 * @returns {number} a colour
 */
export function tint(value, limit, plus, minus) {
  const [red, green, blue] = value < 0 ? minus : plus;
  const opacity = Math.round(Math.min(Math.abs(value) / limit, 1) * 255);
  return ((opacity << 24) | (blue << 16) | (green << 8) | red) >>> 0;
}

/**
 * The colour of each byte of a layer. Bytes that stand for less than half a step are zero.
 *
 * @param {{low: number, high: number}} layer
 * @param {number} limit
 * @param {Rgb} plus
 * @param {Rgb} minus
 * @returns {Uint32Array} of 256 colours
 */
export function palette({ low, high }, limit, plus, minus) {
  const step = (high - low) / 255;
  return Uint32Array.from({ length: 256 }, (_, byte) => {
    const value = low + byte * step;
    return Math.abs(value) <= step / 2 ? 0 : tint(value, limit, plus, minus);
  });
}

/**
 * @param {string} colour as getComputedStyle gives it: rgb(31, 58, 158)
 * @returns {Rgb}
 */
export function rgbFrom(colour) {
  const [red = 0, green = 0, blue = 0] = (colour.match(/[\d.]+/g) ?? []).map(Number);
  return [red, green, blue];
}
