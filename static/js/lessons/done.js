/** Which challenges were met on this device; kept by the browser where it keeps anything. */

const KEY = "challenges";

/** @returns {{names: ReadonlySet<string>, add: (name: string) => void}} */
export function createDone() {
  const names = new Set(read());

  return {
    names,
    add(name) {
      names.add(name);
      try {
        localStorage.setItem(KEY, [...names].join(" "));
      } catch {
        // Blocked or full: it is known until the page is closed.
      }
    },
  };
}

/** @returns {string[]} */
function read() {
  try {
    return (localStorage.getItem(KEY) ?? "").split(" ").filter(Boolean);
  } catch {
    return [];
  }
}
