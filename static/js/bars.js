/** Ten bars: how probable each digit is. */

/**
 * A probability as people read it. Never "100.0 %": a network is never certain.
 *
 * @param {number} share between 0 and 1
 * @returns {string} like "97.3 %"
 */
export function percent(share) {
  const rounded = Math.round(share * 1000) / 10;
  return `${(share < 1 ? Math.min(rounded, 99.9) : 100).toFixed(1)}\u2009%`;
}

/**
 * @param {HTMLElement} root a list with one item for each digit, in order
 * @returns {{update: (answer: object | null) => void}} null for a blank pad
 */
export function createBars(root) {
  const bars = [...root.querySelectorAll(".bars-item")].map(createBar);
  let shown; // most updates are about something else

  function update(answer) {
    if (answer === shown) return;
    shown = answer;
    const leading = answer?.alternatives?.length ? answer.alternatives : [answer?.digit];
    bars.forEach((bar, digit) => {
      bar.update(answer?.probabilities?.[digit] ?? null, leading.includes(digit));
    });
  }

  return { update };
}

/** One of them. While the pen moves most stay as they are, and are spared the work of a change. */
function createBar(item) {
  const share = item.querySelector(".bars-share");
  let length; // as shown

  function update(probability, isLeading) {
    const wanted = (probability ?? 0).toFixed(6); // far less than a pixel
    if (wanted !== length) item.style.setProperty("--share", wanted);
    length = wanted;
    const text = probability === null ? "–" : percent(probability);
    if (share.textContent !== text) share.textContent = text;
    item.classList.toggle("is-leading", isLeading);
  }

  return { update };
}
