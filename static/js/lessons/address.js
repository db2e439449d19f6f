/** The part of the address that says which challenge is on. */

const OF_ONE_LESSON = ["lesson", "caption"];
const OF_THE_PAGE = "hide"; // stays for the next challenge

/**
 * The address with this challenge, without the caption of the one before.
 *
 * @param {string} address
 * @param {string | null} name of the challenge; null for none, which also brings back what is hidden
 * @returns {string}
 */
export function withLesson(address, name) {
  const url = new URL(address);
  for (const parameter of OF_ONE_LESSON) url.searchParams.delete(parameter);
  if (name === null) url.searchParams.delete(OF_THE_PAGE);
  else url.searchParams.set("lesson", name);
  return url.href;
}
