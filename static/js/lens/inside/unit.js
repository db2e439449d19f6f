/**
 * Types of a unit written out, for the checker. No browser loads this file.
 * The API itself is described in app/insight/unit_schema.py.
 *
 * @typedef {object} Part one map that the unit reads
 * @property {number} map counted from 0
 * @property {number[][]} patch
 * @property {number[][]} kernel
 * @property {number[][]} products
 * @property {number} sum of the products
 *
 * @typedef {object} Term one value that the unit reads
 * @property {number} index counted from 0
 * @property {number} weight
 * @property {number} input
 * @property {number} product
 *
 * @typedef {object} Unit
 * @property {string} layer
 * @property {number[]} index map, row and column; or the number of the unit
 * @property {"convolution" | "max" | "average" | "subsample" | "weights" | "distance"} operation
 * @property {string} reads "picture", or the layer that it reads
 * @property {[left: number, top: number, right: number, bottom: number]} field in pixels of the
 *   28 × 28 picture
 * @property {[left: number, top: number, right: number, bottom: number] | null} pad_field in the
 *   unit of the strokes
 * @property {{border: number, paper: number, ink: number} | null} scaling
 * @property {Part[]} inputs
 * @property {Term[]} terms
 * @property {number} bias
 * @property {number} sum
 * @property {"none" | "relu" | "sigmoid" | "tanh" | "scaled-tanh"} activation
 * @property {number} factor
 * @property {number} value
 * @property {{scores: number[], temperature: number, probability: number} | null} softmax
 *
 * @typedef {object} Place the name of a unit
 * @property {string} layer
 * @property {readonly number[]} index
 *
 * @typedef {object} Inside what the page knows of a network without asking
 * @property {Record<string, string>} shown by the layer of the paper: the layer of the answer
 * @property {Record<string, number[]>} shapes by the layer of the paper
 * @property {string[] | null} codes ten glyphs of "#" and ".", row by row, if the outputs are
 *   distances to them
 */

export {};
