/**
 * A duration as one reads it: `0.4 s`.
 * @param {number} ms
 */
export const seconds = (ms) => `${(ms / 1000).toFixed(1)} s`
