/**
 * Inside the network: every layer as maps, and one unit of them written out.
 *
 * The maps travel as bytes with the answer. The numbers of the chosen unit are asked for exactly.
 * Only layers in view are painted.
 */

import { createStudy } from "../net/study.js";
import { find, findAll, setText } from "../page/dom.js";
import { createFollower } from "./inside/follow.js";
import { createLayer } from "./inside/layer.js";
import { plain } from "./inside/numbers.js";
import { coloursOf, painterOf, paintingOf, strongestUnit, valuesOf } from "./inside/paint.js";
import { createWritten } from "./inside/written.js";
import { nameOf, sightOf, sourceOf } from "./inside/words.js";

/**
 * @import { Answer, Layer } from "../answer/types.js"
 * @import { Stage, State, Tab } from "../stage.js"
 * @import { Colours } from "./inside/tint.js"
 * @import { Inside, Place, Unit } from "./inside/unit.js"
 */

/**
 * @param {HTMLElement} root with an .inside that has what is known of each network in data-networks
 * @param {Stage} stage
 * @returns {Tab}
 */
export function create(root, stage) {
  const inside = find(root, ".inside", HTMLElement);
  /** @type {Record<string, Inside>} */
  const networks = JSON.parse(inside.dataset.networks ?? "{}");
  const voice = find(root, ".inside-voice", HTMLElement);
  const keep = find(root, ".unit-keep", HTMLButtonElement);
  const tokens = ["plus", "minus", "paper", "text"].map((token) =>
    find(root, `.inside-${token}`, HTMLElement),
  );
  const layers = findAll(root, ".inside-layer", HTMLElement).map((row) => {
    const name = row.dataset.layer ?? "";
    return createLayer(row, {
      pointed: (index) => !isKept && choose({ layer: name, index }),
      taken: (index) => take({ layer: name, index }),
      moved: (index) => choose({ layer: name, index }, true),
    });
  });
  const written = createWritten(find(root, ".unit", HTMLElement), {
    jumped: (place) => take(place, true),
    chosen: showUnit,
  });
  const follower = createFollower((unit) => {
    if (!isShown) return;
    chosenUnit = unit;
    showUnit();
  });
  // A whole number is read digit by digit. The maps of the chosen digit come when the pen rests.
  const study = createStudy(
    stage,
    "api/predict",
    ({ many, digit, model }) =>
      many && digit.length > 0 ? { strokes: digit, model, layers: shownLayers(model) } : null,
    (answer) => {
      ofDigit = answer;
      stage.update();
    },
  );
  const views = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) {
      if (isIntersecting) inView.add(target);
      else inView.delete(target);
    }
    stage.update();
  });

  /** @type {Answer | null} */
  let ofDigit = null; // about the chosen digit of a number
  /** @type {Set<Element>} */
  const inView = new Set();
  /** @type {Map<string, {values: Layer | null, colours: Colours}>} by layer: what is painted of it */
  const painted = new Map();
  /** @type {Place} */
  let place = { layer: "c1", index: [0, 12, 12] };
  let isKept = false; // the mouse chooses no other unit
  let isSpoken = false; // the next numbers are said to assistive technology
  let isShown = false; // this tab is open, and there is ink
  let network = ""; // whose shapes the maps have
  let width = 0; // for which the maps have room
  /** @type {Unit | null} */
  let chosenUnit = null;
  let fieldShown = "";
  let isFirst = true; // no unit was chosen yet

  /**
   * @param {Place} next
   * @param {boolean} [isSaid] whether assistive technology says it
   */
  function choose(next, isSaid = false) {
    if (!isSaid && isChosen(next)) return;
    [isSpoken, isFirst] = [isSaid, false];
    if (isChosen(next)) {
      say();
      return;
    }
    go(next);
    stage.update();
  }

  /** @param {Place} next */
  const isChosen = (next) => nameOf(next.layer, next.index) === nameOf(place.layer, place.index);

  /** @param {Place} next */
  function go(next) {
    place = next;
    for (const layer of layers) layer.mark(layer.name === place.layer ? place.index : null);
  }

  /**
   * A unit was clicked: it is kept, or let go if it was kept already.
   *
   * @param {Place} next
   * @param {boolean} [always] keep it in any case
   */
  function take(next, always = false) {
    setKept(always || !isKept || !isChosen(next));
    choose(next, true);
  }

  /** @param {boolean} value */
  function setKept(value) {
    isKept = value;
    keep.ariaPressed = String(isKept);
    inside.classList.toggle("is-kept", isKept);
  }

  /** @param {State} state */
  function update(state) {
    const { many, blank, model, settled, digit: strokes } = state;
    isShown = !blank && strokes.length > 0;
    fit(model);
    study.update(state);
    const answer = many ? ofDigit : state.answer;
    const colours = coloursOf(tokens);
    for (const layer of layers) {
      if (inView.has(layer.row)) paint(layer, isShown ? answer : null, colours);
    }
    if (isFirst && isShown && settled) goToFirst(answer);
    follower.want(isShown && !isFirst ? { strokes, model, ...place } : null);
    if (!isShown && chosenUnit !== null) {
      chosenUnit = null;
      showUnit();
    }
  }

  /**
   * The unit that is shown first is the strongest one of C1, once the drawing is done.
   *
   * @param {Answer | null} answer
   */
  function goToFirst(answer) {
    const maps = valuesOf("c1", networks[network], answer);
    if (maps === null) return;
    isFirst = false;
    go({ layer: "c1", index: strongestUnit(maps) });
  }

  /**
   * Make room for the maps of this network.
   *
   * @param {string} model
   */
  function fit(model) {
    const room = inside.clientWidth;
    if (model === network && room === width) return;
    const { shapes, codes } = networks[model];
    if (model !== network) {
      place = { ...place, index: place.index.map((i, k) => Math.min(i, shapes[place.layer][k] - 1)) };
      inside.classList.toggle("has-glyphs", codes !== null);
    }
    [network, width] = [model, room];
    for (const layer of layers) {
      layer.resize(shapes[layer.name], codes !== null);
      layer.mark(layer.name === place.layer ? place.index : null);
    }
    painted.clear();
  }

  /**
   * Paint a layer if its values or a colour have changed.
   *
   * @param {ReturnType<typeof createLayer>} layer
   * @param {Answer | null} answer
   * @param {Colours} colours
   */
  function paint(layer, answer, colours) {
    const values = valuesOf(layer.name, networks[network], answer);
    const old = painted.get(layer.name);
    if (old?.values === values && old.colours === colours) return;
    painted.set(layer.name, { values, colours });
    layer.paint(values && paintingOf(layer.name, networks[network], values, colours));
  }

  /** Show the numbers of the chosen unit, and what it sees. */
  function showUnit() {
    const unit = chosenUnit;
    written.update(unit, coloursOf(tokens));
    const source = unit && sourceOf(unit, written.map);
    for (const layer of layers) layer.markSource(source?.layer === layer.name ? source.part : null);
    const field = JSON.stringify(unit && [unit.field, unit.pad_field]);
    if (field !== fieldShown) {
      fieldShown = field;
      stage.outline(unit?.field ?? null);
      stage.marks(unit?.pad_field ? painterOf(unit.pad_field, tokens) : null);
    }
    say();
  }

  /** Say the chosen unit to assistive technology, once its numbers are there. */
  function say() {
    if (!isSpoken || chosenUnit === null || !isChosen(chosenUnit)) return;
    isSpoken = false;
    const { layer, index, value } = chosenUnit;
    setText(voice, `${nameOf(layer, index)}: ${plain(value)}. ${sightOf(chosenUnit)}.`);
  }

  /** @param {string} model */
  const shownLayers = (model) => Object.values(networks[model].shown);

  function left() {
    study.stop();
    [chosenUnit, fieldShown, isShown] = [null, "", false];
    follower.want(null);
  }

  keep.addEventListener("click", () => setKept(!isKept));
  for (const layer of layers) views.observe(layer.row);
  new ResizeObserver(stage.update).observe(inside);
  setKept(false);

  return {
    update,
    wants: () => {
      const { many, model } = stage.state;
      return many ? {} : { fields: { layers: shownLayers(model) } };
    },
    left,
  };
}
