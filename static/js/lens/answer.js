/** The tab of the answer: who reads. The answer itself is always in view beside the pad. */

/** @import { Tab } from "../stage.js" */

/**
 * @returns {Tab}
 */
export function create() {
  return { update: () => {} };
}
