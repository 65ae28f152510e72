/** The value below which this share of the numbers lies. */
export function quantile(numbers, share) {
  const sorted = numbers.toSorted((a, b) => a - b)
  return sorted[Math.min(Math.floor(sorted.length * share), sorted.length - 1)]
}

export const median = (numbers) => quantile(numbers, 0.5)

export const round = (number, digits = 0) => Number(number.toFixed(digits))

/** How ours compares, with two digits. */
export const ratio = (ours, theirs) => round(ours / theirs, 2)
