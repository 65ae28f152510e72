/** What became of the events of a visit: those that are missing or too many, and a table that counts. */

/** @param {import('./compare-arrivals.mjs').Comparison} comparison */
export function printVisit({ arrived, missing, surplus }) {
  for (const line of missing) console.log(`lost: ${line}`)
  for (const line of surplus) console.log(`not expected: ${line}`)

  const delivered = arrived.length - surplus.length
  const rows = /** @type {const} */ ([
    ['events tracked', delivered + missing.length],
    ['delivered', delivered],
    ['lost', missing.length],
    ['not expected', surplus.length],
  ])
  const rule = '─'.repeat(30)
  const lines = rows.map(([name, value]) => name.padEnd(18) + String(value).padStart(12))
  console.log(['', rule, ...lines, rule].join('\n'))
}
