/** One line for each event of a visit, and a table that counts them. */

/** @param {import('./compare-arrivals.mjs').Comparison} comparison */
export function printVisit({ arrived, missing, surplus }) {
  printLine('type', 'what', 'page', 'who')
  for (const { type, what, path, userId, reader } of arrived) {
    printLine(type, what, path, `reader ${reader}${userId ? `, known as ${userId}` : ''}`)
  }
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

/**
 * @param {string} type
 * @param {string} what
 * @param {string} path
 * @param {string} who
 */
const printLine = (type, what, path, who) =>
  console.log([type.padEnd(8), what.padEnd(16), path.padEnd(20), who].join('  '))
