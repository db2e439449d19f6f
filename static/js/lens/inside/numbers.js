/** Numbers as the page writes them: a real minus, and four places after the point. */

const PLACES = 4;

/**
 * @param {number} value
 * @param {number} [places]
 */
export function plain(value, places = PLACES) {
  const text = Math.abs(value).toFixed(places);
  return value < 0 && Number(text) !== 0 ? `−${text}` : text;
}

/**
 * The same with a plus before what is not negative.
 *
 * @param {number} value
 * @param {number} [places]
 */
export function signed(value, places = PLACES) {
  const text = plain(value, places);
  return text.startsWith("−") ? text : `+${text}`;
}

/**
 * A share of one in per cent; what is not certain is never shown as 0 or 100.
 *
 * @param {number} share
 */
export function percent(share) {
  if (share > 0.9995) return "over 99.9\u2009%";
  return share < 0.0005 ? "under 0.1\u2009%" : `${(share * 100).toFixed(1)}\u2009%`;
}
