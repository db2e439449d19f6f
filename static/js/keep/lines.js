/**
 * Labelled drawings as a file that `train.py --ink` reads: one JSON object a line.
 *
 * The form is that of model/data/ink_files.py. A drawing that is no digit has the label "no digit";
 * such lines stand in a file of their own, which `train.py` takes as `--outliers`. No writer is
 * named, so nothing in the file says who drew; a writer of an imported file is kept.
 *
 * @import { Stroke } from "../pad/drawing.js"
 *
 * @typedef {object} Labelled
 * @property {string} label "0" to "9", or NO_DIGIT
 * @property {readonly Stroke[]} strokes y down, in any unit; those of the pad in heights of it
 * @property {string} time when it was labelled, ISO 8601
 * @property {string} [writer]
 *
 * @typedef {"digits" | "no digits"} Kind
 */

export const NO_DIGIT = "no digit";
export const MAX_FILE_BYTES = 20_000_000;
export const MAX_DRAWINGS = 5_000;

const MAX_STROKES = 1_000; // of a drawing; the server reads no more
const MAX_POINTS = 20_000;
const MAX_WRITER = 100; // characters
const LARGEST = 3.4e38; // of a float32, into which train.py reads a coordinate
const PLACES = 1e4; // a coordinate has four decimals: a hundredth of a pixel of the 28
const WANTED = '{"label": "7", "strokes": [[[x, y], …], …]}';

/** A file, or a line of it, that is refused; the message says what was found and wanted. */
export class LinesError extends Error {}

/** @param {Pick<Labelled, "label">} drawing @returns {boolean} */
export const isDigit = ({ label }) => /^[0-9]$/.test(label);

/**
 * @param {readonly Labelled[]} drawings
 * @param {Kind} kind which of them to write
 * @returns {string} the content of the file; empty if there are none of this kind
 */
export function toLines(drawings, kind) {
  return drawings
    .filter((drawing) => isDigit(drawing) === (kind === "digits"))
    .map(({ label, writer, time, strokes }) => {
      const fields = { label, ...(writer && { writer }), time, strokes };
      return `${JSON.stringify(fields)}\n`;
    })
    .join("");
}

/**
 * @param {readonly Stroke[]} strokes
 * @returns {Stroke[]} copies with four decimals
 */
export function rounded(strokes) {
  /** @param {number} value */
  const round = (value) => Math.round(value * PLACES) / PLACES;
  return strokes.map((stroke) => stroke.map(([x, y]) => [round(x), round(y)]));
}

/**
 * Read a file of drawings.
 *
 * @param {string} text its content
 * @returns {Labelled[]} in the order of the file; a label that is none of the digits is NO_DIGIT
 * @throws {LinesError} for a file without drawings or with too many, and for a line that is none
 */
export function fromLines(text) {
  const lines = text.replace(/^\uFEFF/, "").split("\n");
  const found = lines.flatMap((line, i) => (line.trim() ? [readLine(line, i + 1)] : []));
  if (found.length === 0) throw new LinesError(`No drawings; wanted lines like ${WANTED}.`);
  if (found.length > MAX_DRAWINGS) {
    const [have, most] = [found.length, MAX_DRAWINGS].map((count) => count.toLocaleString("en"));
    throw new LinesError(`${have} drawings, wanted at most ${most}: divide the file.`);
  }
  return found;
}

/**
 * Read the content of a file that the visitor chose.
 *
 * @param {Blob} file
 * @returns {Promise<Labelled[]>}
 * @throws {LinesError} as `fromLines`, and for a file that is too large or packed
 */
export async function fromFile(file) {
  if (file.size > MAX_FILE_BYTES) {
    throw new LinesError(`${Math.ceil(file.size / 1e6)} MB, wanted at most 20: divide the file.`);
  }
  const [first, second] = new Uint8Array(await file.slice(0, 2).arrayBuffer());
  if (first === 0x1f && second === 0x8b) {
    throw new LinesError("A packed file (.gz): unpack it, and choose the .jsonl file.");
  }
  return fromLines(await file.text());
}

/**
 * @param {string} line
 * @param {number} place counted from 1
 * @returns {Labelled}
 */
function readLine(line, place) {
  /** @param {string} found @returns {never} */
  const refuse = (found) => {
    throw new LinesError(`Line ${place}: ${found}; wanted ${WANTED}: mend or delete the line.`);
  };
  /** @type {unknown} */
  let fields;
  try {
    fields = JSON.parse(line);
  } catch {
    refuse("no JSON");
  }
  if (typeof fields !== "object" || fields === null || Array.isArray(fields)) {
    return refuse(`${short(fields)} instead of an object`);
  }
  const { label, writer, time, strokes } = /** @type {Record<string, unknown>} */ (fields);
  if (typeof label !== "string" || label === "") refuse(`label ${short(label)} instead of a text`);
  const problem = problemOf(strokes);
  if (problem) refuse(problem);
  return {
    label: isDigit({ label: String(label) }) ? String(label) : NO_DIGIT,
    // Time and pressure may follow x and y; train.py ignores them too.
    strokes: /** @type {Stroke[]} */ (strokes).map((stroke) => stroke.map(([x, y]) => [x, y])),
    time: typeof time === "string" && Date.parse(time) ? time : new Date().toISOString(),
    ...(typeof writer === "string" && writer && { writer: writer.slice(0, MAX_WRITER) }),
  };
}

/**
 * @param {unknown} strokes
 * @returns {string} what is wrong with them; empty if they are a drawing
 */
function problemOf(strokes) {
  if (!Array.isArray(strokes) || strokes.length === 0) {
    return `strokes ${short(strokes)} instead of a list of strokes`;
  }
  const bad = strokes.find((stroke) => !Array.isArray(stroke) || stroke.length === 0);
  if (bad !== undefined) return `stroke ${short(bad)} instead of a list of points`;
  const points = strokes.flat();
  if (strokes.length > MAX_STROKES || points.length > MAX_POINTS) {
    return `${strokes.length} strokes of ${points.length} points, more than are read`;
  }
  const odd = points.findIndex((point) => !isPoint(point));
  return odd < 0 ? "" : `point ${short(points[odd])} instead of two numbers`;
}

/** @param {unknown} point */
const isPoint = (point) =>
  Array.isArray(point) &&
  point.length >= 2 &&
  point.slice(0, 2).every((value) => typeof value === "number" && Math.abs(value) <= LARGEST);

/**
 * A value as JSON, cut to 40 characters.
 *
 * @param {unknown} value
 */
const short = (value) => (JSON.stringify(value) ?? "missing").slice(0, 40);
