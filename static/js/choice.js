/** Which network reads: chosen among those on the page, and kept in its address. */

import { findAll } from "./dom.js";

const KEY = "model"; // of the address: ?model=lenet-32

/**
 * @param {HTMLElement} page has data-network, the name of the network to begin with; a radio
 *   button named model for each network; and elements with data-only, the names of those they hold for
 * @param {() => void} changed called after each choice
 * @returns {{model: string, models: string[]}} the chosen network, and all of them
 */
export function createChoice(page, changed) {
  const radios = findAll(page, "input[name=model]", HTMLInputElement);
  const texts = findAll(page, "[data-only]", HTMLElement);
  const models = radios.map(({ value }) => value);

  /** @param {string} model */
  function choose(model) {
    page.dataset.network = model;
    for (const radio of radios) radio.checked = radio.value === model;
    for (const text of texts) text.hidden = !text.dataset.only?.split(" ").includes(model);
  }

  /** @param {string} model */
  function chosen(model) {
    const address = new URL(location.href);
    address.searchParams.set(KEY, model);
    history.replaceState(null, "", address);
    choose(model);
    changed();
  }

  const wanted = new URLSearchParams(location.search).get(KEY) ?? "";
  choose(models.includes(wanted) ? wanted : (page.dataset.network ?? ""));
  for (const radio of radios) radio.addEventListener("change", () => chosen(radio.value));

  return {
    models,
    get model() {
      return page.dataset.network ?? "";
    },
  };
}
