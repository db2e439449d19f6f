/**
 * Types of the stage, for the checker. No browser loads this file.
 *
 * The stage is what main.js offers to every other part of the page. docs/page.md explains it.
 *
 * @import { Answer, Body, Digit, Opinion, Question } from "./answer/types.js"
 * @import { Drawing, Stroke } from "./pad/drawing.js"
 * @import { Painter } from "./pad/pad.js"
 *
 * @typedef {object} State what is on the page now; who is shown it never changes it
 * @property {readonly Stroke[]} strokes those that are read: of the pad, or of a replayed moment
 * @property {readonly Stroke[]} digit the strokes of the one digit at hand: all of them, or those of
 *   the chosen digit of a number
 * @property {boolean} blank whether nothing is drawn
 * @property {boolean} drawing whether the pen is down
 * @property {boolean} rested whether the pen is up, and has been for a moment
 * @property {boolean} settled whether the pen is up, and the answer is about the whole drawing
 * @property {boolean} complete the same of all networks, if all are asked
 * @property {boolean} many whether the pad is for a whole number
 * @property {string} model the chosen network
 * @property {string[]} models all networks, in the order of the page
 * @property {Answer | null} answer the last answer of the chosen network
 * @property {Map<string, Answer>} answers of all networks that were asked, to this drawing
 * @property {Opinion | null} opinion the answer about the digit at hand
 * @property {string | null} refusal the detail of a refusal
 * @property {boolean} away whether the server cannot be reached
 * @property {boolean} busy whether it answers, but reads more slowly than is asked
 * @property {number} sheet changes whenever ink is removed or restored
 * @property {number | null} moment how many points of the drawing are read in a replay; else null
 *
 * @typedef {object} Wants what a part of the page needs beside the answer
 * @property {Partial<Body>} [fields] further fields of the question to the chosen network
 * @property {Question[]} [others] further questions, the most urgent first
 * @property {boolean} [all] whether all networks are asked
 *
 * @typedef {object} NumberView
 * @property {Digit | null} chosen the answer about the chosen digit
 * @property {(answer: Answer | null) => void} update
 *
 * @typedef {object} Stage
 * @property {Drawing} drawing on the pad
 * @property {State} state
 * @property {NumberView | null} number where a whole number is drawn
 * @property {Set<() => Wants>} wants of the parts that are in view
 * @property {(view: (state: State) => void) => void} show call a view at every update
 * @property {(body: Body, name: string, answered: (answer: Answer | null) => void) => Question}
 *   question one for `others`, with the subject of now; name: of what is asked
 * @property {() => void} changed the drawing, a choice or a want changed: ask again, and show
 * @property {() => void} update show everything as it is now
 * @property {(painter: Painter | null) => void} marks paint over the ink
 * @property {(box: number[] | null) => void} outline left, top, right, bottom of a frame on the
 *   28 × 28 picture, in its pixels
 * @property {(points: number | null) => void} moment show and read only so many points; null: all
 * @property {(tab: string) => void} open a tab of the lens
 *
 * @typedef {object} Tab
 * @property {(state: State) => void} update show what is on the page now; cheap if nothing changed
 * @property {() => Wants} [wants]
 * @property {() => void} [left] the tab was closed
 *
 * @typedef {(root: HTMLElement, stage: Stage) => Tab} CreateTab
 */

export {};
