/**
 * Values as two colours: zero is paper, the more above or below it, the deeper the colour.
 *
 * A colour is one number: a pixel of ImageData as a Uint32Array has it on a little-endian machine,
 * which every browser runs on. Its first byte is red.
 *
 * @typedef {readonly [red: number, green: number, blue: number]} Rgb 0 to 255
 * @typedef {{plus: Rgb, minus: Rgb, paper: Rgb, text: Rgb}} Colours of values above, below and at
 *   zero, and of what stands on the paper
 */

const STEPS = [1, 1.5, 2, 3, 5, 7]; // times a power of ten

/**
 * The value that has the full colour: a round number, so that it rarely changes.
 *
 * @param {number} largest of all values, without sign
 */
export function limitFor(largest) {
  if (!(largest > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(largest));
  const factor = STEPS.find((one) => one * power >= largest * 0.9999) ?? 10;
  return Number((factor * power).toPrecision(2));
}

/**
 * @param {Rgb} colour
 * @param {Rgb} other
 * @param {number} share of the other one, 0 to 1
 * @returns {Rgb}
 */
export function mix(colour, other, share) {
  const one = (/** @type {0 | 1 | 2} */ i) => colour[i] + (other[i] - colour[i]) * share;
  return [one(0), one(1), one(2)];
}

/**
 * @param {Rgb} colour
 * @returns {number} a pixel, opaque
 */
export function pixelOf([red, green, blue]) {
  return ((255 << 24) | (Math.round(blue) << 16) | (Math.round(green) << 8) | Math.round(red)) >>> 0;
}

/**
 * @param {number} value
 * @param {number} limit the value of the full colour
 * @param {Colours} colours
 * @returns {number} a pixel
 */
export function tint(value, limit, { plus, minus, paper }) {
  const share = Math.min(Math.abs(value) / limit, 1);
  const full = value < 0 ? minus : plus;
  const part = (/** @type {0 | 1 | 2} */ i) => Math.round(paper[i] + (full[i] - paper[i]) * share);
  return ((255 << 24) | (part(2) << 16) | (part(1) << 8) | part(0)) >>> 0;
}

/**
 * The pixel for each byte of a layer. A byte that stands for less than half a step is zero.
 *
 * @param {{low: number, high: number}} layer
 * @param {number} limit
 * @param {Colours} colours
 * @returns {Uint32Array} of 256 pixels
 */
export function palette({ low, high }, limit, colours) {
  const [step, pixels] = [(high - low) / 255, new Uint32Array(256)];
  for (let byte = 0; byte < 256; byte += 1) {
    const value = low + byte * step;
    pixels[byte] = tint(Math.abs(value) <= step / 2 ? 0 : value, limit, colours);
  }
  return pixels;
}

/**
 * @param {string} colour as getComputedStyle gives it: rgb(31, 58, 158)
 * @returns {Rgb}
 */
export function rgbFrom(colour) {
  const [red = 0, green = 0, blue = 0] = (colour.match(/[\d.]+/g) ?? []).map(Number);
  return [red, green, blue];
}

/**
 * The ten glyphs, and where F6 differs from each: paper and grey for the glyph, and the colour of
 * minus the deeper the larger the squared difference is.
 *
 * @param {readonly string[]} codes of "#" and ".", row by row
 * @param {ArrayLike<number>} values of F6
 * @param {Colours} colours
 * @returns {Uint32Array} ten maps of pixels
 */
export function glyphPixels(codes, values, { minus, paper, text }) {
  const ink = mix(paper, text, 0.3);
  const pixels = codes.flatMap((code) =>
    [...code].map((sign, i) => {
      const difference = values[i] - (sign === "#" ? 1 : -1);
      const share = Math.min(difference ** 2 / FULL_DIFFERENCE, 1);
      return pixelOf(mix(sign === "#" ? ink : paper, minus, share));
    }),
  );
  return Uint32Array.from(pixels);
}

/** Squared, between ink and paper: F6 has -1 where the glyph has 1. */
export const FULL_DIFFERENCE = 4;
