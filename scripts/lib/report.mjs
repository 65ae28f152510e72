/** Runs checks, prints what became of each, and counts. */
import { seconds } from './seconds.mjs'

/**
 * @typedef {ReturnType<typeof createReport>} Report
 * @typedef {(report: Report) => Promise<void>} Step
 */

export function createReport() {
  const count = { passed: 0, failed: 0 }

  return {
    count,

    /** @param {string} text */
    say(text) {
      console.log(`  ${text}`)
    },

    /**
     * One check: it passes when `check` returns, with a word on the outcome if it has one, and fails when it throws.
     * @param {string} name
     * @param {() => unknown} check
     */
    async check(name, check) {
      const startedAt = performance.now()
      try {
        const remark = await check()
        count.passed++
        const detail = typeof remark === 'string' && remark ? `: ${remark}` : ''
        console.log(`  ✓ ${name}${detail} (${seconds(performance.now() - startedAt)})`)
        return true
      } catch (cause) {
        count.failed++
        console.log(`  ✗ ${name} (${seconds(performance.now() - startedAt)})`)
        console.log(indent(explain(cause)))
        return false
      }
    },

    /**
     * Takes over the counts of a tool that has printed its own findings.
     * @param {number} passed
     * @param {number} failed
     */
    add(passed, failed) {
      count.passed += passed
      count.failed += failed
    },
  }
}

/** @param {unknown} cause */
function explain(cause) {
  if (!(cause instanceof Error)) return String(cause)
  const output = 'output' in cause ? String(cause.output).trim() : ''
  return [cause.message, output].filter(Boolean).join('\n')
}

/** @param {string} text */
const indent = (text) => text.replaceAll(/^(?=.)/gm, '      ')
