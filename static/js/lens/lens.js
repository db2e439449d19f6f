/** The lens: tabs beside the pad. A tab's module and style sheet are loaded when it is first opened. */

import { find, findAll } from "../page/dom.js";
import { sheetOf } from "../page/load.js";

/** @import { Stage, Tab } from "../stage.js" */

/** @type {Record<string, () => Promise<{create: import("../stage.js").CreateTab}>>} */
const MODULES = {
  answer: () => import("./answer.js"),
  steps: () => import("./steps.js"),
  inside: () => import("./inside.js"),
  why: () => import("./why.js"),
  compare: () => import("./compare.js"),
  training: () => import("./training.js"),
};
const STEP = { ArrowLeft: -1, ArrowRight: 1 };

/**
 * @param {HTMLElement} root the tab list, whose tabs have the name of their panel in data-tab
 * @param {Stage} stage
 * @param {(name: string) => void} opened called after a tab was opened
 * @returns {{name: string, open: (name: string) => void}} name: of the open tab
 */
export function createLens(root, stage, opened) {
  const tabs = findAll(root, "[role=tab]", HTMLButtonElement);
  const names = tabs.map(({ dataset }) => dataset.tab ?? "");
  const instrument = find(document, ".instrument", HTMLElement);
  /** @type {Map<string, Tab>} */
  const loaded = new Map();
  let name = names[0];

  /** @param {string} wanted */
  async function open(wanted) {
    if (!names.includes(wanted) || wanted === name) return;
    loaded.get(name)?.left?.();
    stage.marks(null);
    stage.outline(null);
    name = wanted;
    show();
    bring();
    opened(name);
    if (!loaded.has(wanted)) await load(wanted);
    if (name === wanted) stage.changed();
  }

  function show() {
    document.body.dataset.tab = name;
    for (const [i, tab] of tabs.entries()) {
      const isOpen = names[i] === name;
      tab.setAttribute("aria-selected", String(isOpen));
      tab.tabIndex = isOpen ? 0 : -1;
      panelOf(names[i]).hidden = !isOpen;
    }
  }

  /** Scroll to the beginning of the panel that was opened: it may be far above, or below. */
  function bring() {
    if (instrument.getBoundingClientRect().top < 0) instrument.scrollIntoView();
    tabs[names.indexOf(name)].scrollIntoView({ block: "nearest" });
  }

  /** @param {string} wanted */
  async function load(wanted) {
    const panel = panelOf(wanted);
    panel.ariaBusy = "true";
    const [module] = await Promise.all([MODULES[wanted](), sheetOf(panel)]);
    if (!loaded.has(wanted)) loaded.set(wanted, module.create(panel, stage));
    panel.ariaBusy = "false";
  }

  /** @param {KeyboardEvent} event */
  function press(event) {
    const step = STEP[/** @type {keyof typeof STEP} */ (event.key)];
    const home = { Home: 0, End: names.length - 1 }[event.key];
    if (step === undefined && home === undefined) return;
    event.preventDefault();
    const next = home ?? (names.indexOf(name) + (step ?? 0) + names.length) % names.length;
    tabs[next].focus();
    open(names[next]);
  }

  for (const [i, tab] of tabs.entries()) tab.addEventListener("click", () => open(names[i]));
  root.addEventListener("keydown", press);
  stage.show((state) => loaded.get(name)?.update(state));
  stage.wants.add(() => loaded.get(name)?.wants?.() ?? {});
  load(name).then(stage.update);
  // A tab that was pressed before this module arrived has the focus.
  const early = tabs.indexOf(/** @type {any} */ (document.activeElement));
  if (early > 0) open(names[early]);

  return {
    get name() {
      return name;
    },
    open,
  };
}

/** @param {string} name */
const panelOf = (name) => find(document, `#panel-${name}`, HTMLElement);
