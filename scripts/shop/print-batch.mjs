/** One line for each batch on the wire. */

export function createBatchPrinter() {
  let retries = 0

  return {
    retries: () => retries,

    printHead() {
      console.log(['time        ', 'events', '   bytes', 'answer   ', 'try  ', 'types'].join('  '))
    },

    /** @param {import('./wiretap.mjs').Exchange} exchange */
    print({ at, bytes, types, retry, status }) {
      if (retry > 0) retries++
      const columns = [
        at.toTimeString().slice(0, 8) +
          String(at.getMilliseconds() / 1000)
            .slice(1)
            .padEnd(4, '0'),
        String(types.length).padStart(6),
        bytes.toLocaleString('en').padStart(8),
        String(status).padEnd(9),
        (retry > 0 ? `${retry + 1}` : 'first').padEnd(5),
        countTypes(types),
      ]
      console.log(columns.join('  '))
    },
  }
}

/** @param {string[]} types */
function countTypes(types) {
  /** @type {Map<string, number>} */
  const counts = new Map()
  for (const type of types) counts.set(type, (counts.get(type) ?? 0) + 1)
  return [...counts].map(([type, count]) => `${type} ${count}`).join(', ')
}
