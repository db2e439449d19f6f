/** Not built yet. */

/**
 * @import { Tab } from "../stage.js"
 */

/**
 * @returns {Tab}
 */
export function create() {
  return { update: () => {} };
}
