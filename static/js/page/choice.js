/** The choice of the network; the address of the page keeps it. */

import { findAll } from "./dom.js";

const URL_PARAMETER = "model"; // as in ?model=lenet-32

/**
 * @param {HTMLElement} page has data-network, the name of the first network; a radio button
 *   named model for each network; and elements with data-only, the networks that they describe
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
  function onChoice(model) {
    const address = new URL(location.href);
    address.searchParams.set(URL_PARAMETER, model);
    history.replaceState(null, "", address);
    choose(model);
    changed();
  }

  const wanted = new URLSearchParams(location.search).get(URL_PARAMETER) ?? "";
  choose(models.includes(wanted) ? wanted : (page.dataset.network ?? ""));
  for (const radio of radios) radio.addEventListener("change", () => onChoice(radio.value));

  return {
    models,
    get model() {
      return page.dataset.network ?? "";
    },
  };
}
