/** What became of every event, in one table. */

/**
 * @typedef {object} Result
 * @property {number} tracked Calls that the shop made.
 * @property {import('./start-tracking-api.mjs').Counts} counts What the Tracking API says it has.
 * @property {number} retries Batches sent again.
 */

/** @param {Result} result */
export const isComplete = ({ tracked, counts }) =>
  tracked > 0 && counts.accepted === tracked && counts.duplicates === 0 && counts.failed === 0

/** @param {Result} result */
export function printClosingTable({ tracked, counts, retries }) {
  const rows = /** @type {const} */ ([
    ['events tracked', tracked],
    ['delivered', counts.accepted],
    ['lost', tracked - counts.accepted],
    ['duplicates', counts.duplicates],
    ['failed on ingest', counts.failed],
    ['requests', counts.requests],
    ['  turned away', sum(Object.values(counts.refused))],
    ['  tried again', retries],
    ['bytes', counts.bytes],
  ])
  const lines = rows.map(([name, value]) => `${name.padEnd(18)}${value.toLocaleString('en').padStart(12)}`)
  const rule = '─'.repeat(30)
  console.log(['', rule, ...lines, rule].join('\n'))
}

/** @param {number[]} numbers */
const sum = (numbers) => numbers.reduce((total, number) => total + number, 0)
