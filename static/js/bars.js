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
  const bars = [...root.querySelectorAll(".bars-item")].map((item) => ({
    item,
    share: item.querySelector(".bars-share"),
  }));

  function update(answer) {
    const shares = answer?.probabilities ?? null;
    bars.forEach(({ item, share }, digit) => {
      const value = shares?.[digit] ?? 0;
      item.style.setProperty("--share", value);
      item.classList.toggle("is-leading", answer?.digit === digit);
      share.textContent = shares === null ? "–" : percent(value);
    });
  }

  return { update };
}
