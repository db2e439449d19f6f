/** The six challenges by name, in the order of the page. Their words are in app/lessons.py. */

import {
  betweenThreeAndFive,
  fiveAnswers,
  fourAsNine,
  letterAsDigit,
  oneDot,
  smallestEight,
} from "./checks.js";

/**
 * @import { Result, View } from "./checks.js"
 *
 * @typedef {object} Challenge
 * @property {string} name as in ?lesson=four-nine
 * @property {boolean} asksAll whether it needs the answers of all networks
 * @property {(view: View, memory?: any) => Result & {memory?: unknown}} check
 */

/** @type {readonly Challenge[]} */
export const CHALLENGES = [
  { name: "four-nine", asksAll: false, check: fourAsNine },
  { name: "smallest-eight", asksAll: false, check: smallestEight },
  { name: "five-answers", asksAll: true, check: fiveAnswers },
  { name: "three-five", asksAll: false, check: betweenThreeAndFive },
  { name: "letter", asksAll: false, check: letterAsDigit },
  { name: "one-dot", asksAll: false, check: oneDot },
];

/**
 * @param {string | null | undefined} name
 * @returns {Challenge | null} null if there is none of this name
 */
export const challengeNamed = (name) =>
  CHALLENGES.find((challenge) => challenge.name === name) ?? null;

/**
 * The next one that is not done yet, counted on from this one; else the next one.
 *
 * @param {Challenge} challenge
 * @param {ReadonlySet<string>} done names
 * @returns {Challenge}
 */
export function challengeAfter(challenge, done) {
  const place = CHALLENGES.indexOf(challenge) + 1;
  const order = [...CHALLENGES.slice(place), ...CHALLENGES.slice(0, place)];
  return order.find(({ name }) => !done.has(name)) ?? order[0];
}
