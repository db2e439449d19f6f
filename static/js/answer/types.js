/**
 * Types of the questions about a drawing and of their answers, for the checker. No browser loads
 * this file.
 * The API itself is described in app/schemas.py.
 *
 * @import { Stroke } from "../pad/drawing.js"
 *
 * @typedef {"digit" | "unsure" | "not-a-digit" | "blank"} Verdict
 *
 * @typedef {object} Opinion the answer about one drawing, or about one digit of a number
 * @property {Verdict} verdict
 * @property {number | null} digit 0 to 9, the most probable one; null for not-a-digit and blank
 * @property {number[]} alternatives the two most probable digits if unsure, otherwise empty
 * @property {number} confidence the highest probability
 * @property {number[]} probabilities of the digits 0 to 9
 * @property {string} image base64 of 28 × 28 bytes, row by row; ink is 255
 *
 * @typedef {object} Box
 * @property {[left: number, top: number, right: number, bottom: number]} box around the ink, in
 *   the unit of the strokes
 * @property {number[]} strokes the numbers of the digit's strokes, counted from 0
 *
 * @typedef {Opinion & Box} Digit one digit of a whole number
 *
 * @typedef {object} Layer the output of one layer, or a picture
 * @property {number[]} shape (count, height, width) of a layer, (height, width) of a picture
 * @property {number} low what byte 0 stands for
 * @property {number} high what byte 255 stands for
 * @property {string} data base64, one byte for each value
 *
 * @typedef {object} Extra the parts of an answer that a question has to ask for
 * @property {Record<string, Layer>} [layers] by the name of the layer
 * @property {Record<string, Layer>} [steps] by the name of the step
 * @property {string} [number] the whole number, "?" where there is no digit
 * @property {Digit[]} [digits] of the whole number, from left to right
 *
 * @typedef {Opinion & Extra} Answer
 *
 * @typedef {object} Body
 * @property {readonly Stroke[]} strokes
 * @property {string} model the name of the network
 * @property {boolean | string[]} [layers] whether to answer with the layers, or with which
 * @property {boolean} [many] whether to read a whole number
 * @property {boolean} [steps] whether to answer with the steps
 * @property {Record<string, boolean>} [normalise] by the name of the step; false leaves it out
 * @property {{width: number, height: number, brush: number}} [canvas] in the unit of the strokes
 *
 * @typedef {object} Question
 * @property {Body} body the JSON that is sent
 * @property {string} subject network, pad and sheet; an answer on another subject is dropped
 * @property {(answer: Answer | null) => void} [answered] gets the answer, or null for a refusal;
 *   without it, the answer is the network's reading of the drawing
 *
 * @typedef {{answer: Answer | null, question: Question, refusal: string | null}} Reply refusal:
 *   the server's reason where there is no answer
 */

export {};
