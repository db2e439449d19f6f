/**
 * A unit written out in words and numbers. Nothing here touches the page.
 *
 * @import { Part, Term, Unit } from "./unit.js"
 *
 * @typedef {{label: string, adds: string, total: string}} Row of the sum: a term, and the sum so far
 * @typedef {{unit: string, sum: string, product: string}} Line of a list of terms
 * @typedef {{title: string, values: number[][]}} Table
 */

import { percent, plain, signed } from "./numbers.js";

const GLYPH_WIDTH = 7; // units of F6 in a row, where they draw a figure
const LISTED = 4; // terms for a unit, and terms against it

/** @type {Record<string, string>} */
const NAMES = { picture: "The picture", f6: "F6", output: "Output" };
/** @type {Record<string, string>} */
const FUNCTIONS = {
  relu: "Below 0 becomes 0 (ReLU)",
  sigmoid: "1 / (1 + e^−sum) (sigmoid)",
  tanh: "tanh of the sum",
  "scaled-tanh": "1.7159 · tanh(⅔ · sum)",
};

/**
 * @param {string} layer
 */
export const layerName = (layer) => NAMES[layer] ?? layer.toUpperCase();

/**
 * The name of a unit, counted from 1: "C3, map 5, row 4, column 7".
 *
 * @param {string} layer
 * @param {readonly number[]} index
 */
export function nameOf(layer, [map, row, column]) {
  if (layer === "output") return `${layerName(layer)}, digit ${map}`;
  if (row === undefined || column === undefined) return `${layerName(layer)}, unit ${map + 1}`;
  return `${layerName(layer)}, map ${map + 1}, row ${row + 1}, column ${column + 1}`;
}

/**
 * How much of the picture reaches the unit.
 *
 * @param {Unit} unit
 */
export function sightOf({ field: [left, top, right, bottom], reads }) {
  if (right - left >= 28 && bottom - top >= 28) return "It sees the whole picture";
  const isPart = left < 0 || top < 0 || right > 28 || bottom > 28;
  const size = `${right - left} × ${bottom - top} pixels`;
  const seen = `It sees the ${size} in the frame`;
  if (reads === "picture") return isPart ? `${seen}, partly beyond the edge` : seen;
  return isPart ? `${seen}, through the layers above, partly beyond the edge`
    : `${seen}, through the layers above`;
}

/**
 * What was done to the picture before this unit reads it, if anything was.
 *
 * @param {Unit} unit
 */
export function scalingOf({ scaling }) {
  if (scaling === null || (scaling.paper === 0 && scaling.ink === 1)) return "";
  return `Paper counts as ${plain(scaling.paper, 3)} and full ink as ${plain(scaling.ink, 3)}.`;
}

/**
 * The sum, line by line.
 *
 * @param {Unit} unit
 * @returns {Row[]}
 */
export function sumOf(unit) {
  let total = 0;
  /** @type {(term: {label: string, value: number}) => Row} */
  const row = ({ label, value }) => {
    total += value;
    return { label, adds: signed(value), total: plain(total) };
  };
  const rows = termsOf(unit).map(row);
  if (hasBias(unit)) rows.push(row({ label: "Bias", value: unit.bias }));
  if (unit.activation !== "none") {
    rows.push({ label: FUNCTIONS[unit.activation], adds: "", total: plain(unit.value) });
  } else if (unit.operation === "distance") {
    const divisor = plain(1 / unit.factor, 0);
    rows.push({ label: `Divided by ${divisor}: the score`, adds: "", total: plain(unit.value) });
  }
  return rows;
}

/** @param {Unit} unit */
const hasBias = ({ operation }) => ["convolution", "subsample", "weights"].includes(operation);

/**
 * @param {Unit} unit
 * @returns {{label: string, value: number}[]}
 */
function termsOf(unit) {
  const { operation, inputs, terms } = unit;
  if (operation === "max") return [{ label: "The largest of the four", value: unit.sum }];
  if (operation === "distance") {
    return [{ label: `${terms.length} differences squared`, value: sum(terms.map(productOf)) }];
  }
  if (operation === "weights") {
    const [plus, minus] = [terms.filter((t) => t.product > 0), terms.filter((t) => t.product < 0)];
    return [
      { label: `${plus.length} terms for it`, value: sum(plus.map(productOf)) },
      { label: `${minus.length} terms against it`, value: sum(minus.map(productOf)) },
    ];
  }
  if (inputs.length > 1) {
    const name = layerName(unit.reads);
    return inputs.map(({ map, sum: value }) => ({ label: `${name}, map ${map + 1}`, value }));
  }
  return inputs[0].products.map((products, i) => ({
    label: `Row ${i + 1}`,
    value: sum(products),
  }));
}

/** @param {Term} term */
const productOf = ({ product }) => product;

/** @param {number[]} values */
const sum = (values) => values.reduce((total, value) => total + value, 0);

/**
 * The strongest terms for a unit and against it; those of a weighed list only.
 *
 * @param {Unit} unit
 * @returns {{plus: Term[], minus: Term[]}} at most four each, the strongest first
 */
export function strongest({ operation, terms }) {
  const weighed = operation === "weights" ? terms : [];
  return {
    plus: weighed.filter(({ product }) => product > 0).slice(0, LISTED),
    minus: weighed.filter(({ product }) => product < 0).slice(0, LISTED),
  };
}

/**
 * @param {Unit} unit
 * @param {Term} term of it
 * @returns {Line}
 */
export function lineOf({ reads }, { index, weight, input, product }) {
  return {
    unit: `${layerName(reads)}, unit ${index + 1}`,
    sum: `${plain(input)} × ${plain(weight)}`,
    product: signed(product),
  };
}

/**
 * What a unit reads, its weights and the products, as tables.
 *
 * @param {Unit} unit
 * @param {number} map of those that it reads
 * @returns {Table[]} three, or none for a weighed list
 */
export function tablesOf(unit, map) {
  if (unit.operation === "distance") return glyphTables(unit);
  const part = unit.inputs.find((input) => input.map === map) ?? unit.inputs[0];
  if (part === undefined) return [];
  const weights = unit.operation === "max" ? "1 for the largest" : "times its weights";
  return [
    { title: "What it reads", values: part.patch },
    { title: weights, values: part.kernel },
    { title: "gives the products", values: part.products },
  ];
}

/**
 * @param {Unit} unit
 * @returns {Table[]}
 */
function glyphTables({ terms, index: [digit] }) {
  const inOrder = [...terms].sort((one, other) => one.index - other.index);
  /** @type {(values: number[]) => number[][]} */
  const rows = (values) =>
    Array.from({ length: values.length / GLYPH_WIDTH }, (_, row) =>
      values.slice(row * GLYPH_WIDTH, (row + 1) * GLYPH_WIDTH),
    );
  return [
    { title: "What F6 drew", values: rows(inOrder.map(({ input }) => input)) },
    { title: `less the glyph of ${digit}`, values: rows(inOrder.map(({ weight }) => weight)) },
    { title: "squared", values: rows(inOrder.map(productOf)) },
  ];
}

/**
 * From the scores of all digits to their probabilities; empty for all layers but the output.
 *
 * @param {Unit} unit
 * @returns {{score: string, distance: string, share: string}[]} of the ten digits
 */
export function scoresOf({ softmax, operation, factor }) {
  if (softmax === null) return [];
  const { scores, temperature } = softmax;
  const top = Math.max(...scores);
  const powers = scores.map((score) => Math.exp((score - top) / temperature));
  const total = sum(powers);
  return scores.map((score, digit) => ({
    score: plain(score, 2),
    distance: operation === "distance" ? plain(score / factor, 2) : "",
    share: percent(powers[digit] / total),
  }));
}

/**
 * The map whose products move the sum most.
 *
 * @param {Part[]} inputs
 */
export function strongestMap(inputs) {
  const [first, ...others] = inputs;
  return others.reduce((best, part) => (Math.abs(part.sum) > Math.abs(best.sum) ? part : best), first);
}

/**
 * The part of the layer before that a unit reads, of the map whose numbers are shown.
 *
 * @param {Unit} unit
 * @param {number} map
 * @returns {{layer: string, part: number[]} | null} part: map, row, column, height, width; null
 *   where it reads all of a layer, or the picture
 */
export function sourceOf({ operation, reads, index, inputs }, map) {
  const input = inputs.find((part) => part.map === map) ?? inputs[0];
  if (reads === "picture" || input === undefined) return null;
  const step = operation === "convolution" ? 1 : 2; // pooling goes two by two
  const [, row = 0, column = 0] = index;
  const { length } = input.patch;
  return { layer: reads, part: [input.map, step * row, step * column, length, length] };
}
