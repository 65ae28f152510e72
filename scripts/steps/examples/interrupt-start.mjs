/** `npm start`, left open and then interrupted: it ends well and leaves nothing behind. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { endWithUs } from '../../lib/run.mjs'
import { root } from '../../lib/workspace.mjs'

const readyWithinMs = 180_000
const shownWithinMs = 60_000
const endsWithinMs = 60_000

/** @param {NodeJS.Signals} signal */
export async function interruptStart(signal) {
  const child = spawn(process.execPath, ['scripts/start.mjs', '--visitors', '5'], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  endWithUs(child)
  const output = keepOutput(child)
  const exited = once(child, 'exit')
  try {
    const ready = await before(readyWithinMs, output.whenItSays('Ctrl-C ends all of it'), exited)
    if (ready !== 'said') throw new Error(`it did not come to the end of its tables\n${output.text()}`)

    const urls = [...output.text().matchAll(/^(?:Tracking API|Shop|Reading list) +(\S+)$/gm)].map((match) =>
      String(match[1]),
    )
    await expectShown(String(urls[0]), output)
    child.kill(signal)
    const ended = await before(endsWithinMs, exited)
    if (!Array.isArray(ended)) throw new Error(`it did not end within ${endsWithinMs} ms`)
    if (ended[0] !== 0) throw new Error(`it ended with ${ended[0] ?? ended[1]}\n${output.text()}`)
    for (const url of urls) await expectNobodyAt(url)
    return `${urls.length} servers closed`
  } finally {
    // Not SIGKILL: the shop would go on without it.
    if (child.exitCode === null && child.kill()) await before(endsWithinMs, exited)
    child.kill('SIGKILL')
  }
}

/** @param {import('node:child_process').ChildProcessByStdio<null, import('node:stream').Readable, import('node:stream').Readable>} child */
function keepOutput(child) {
  let text = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (/** @type {string} */ chunk) => {
      text += chunk
    })
  }
  return {
    text: () => text,

    /**
     * @param {string} words
     * @returns {Promise<'said'>}
     */
    whenItSays: (words) =>
      new Promise((resolve) => {
        const look = () => {
          if (text.includes(words)) resolve('said')
        }
        child.stdout.on('data', look)
        look()
      }),
  }
}

/**
 * The first of these to come, or nothing when the time is over.
 * @param {number} ms
 * @param {Promise<unknown>[]} promises
 */
async function before(ms, ...promises) {
  const timer = new AbortController()
  const late = sleep(ms, undefined, { signal: timer.signal }).catch(() => undefined)
  const first = await Promise.race([...promises, late])
  timer.abort()
  return first
}

/**
 * Whoever looks around in what stays open sees what that sends.
 * @param {string} api
 * @param {ReturnType<typeof keepOutput>} output
 */
async function expectShown(api, output) {
  const event = { type: 'track', event: 'Seen By Hand', anonymousId: 'somebody', writeKey: 'reading-list' }
  await fetch(`${api}/v1/t`, { method: 'POST', body: JSON.stringify(event) })
  const shown = await before(shownWithinMs, output.whenItSays('Seen By Hand'))
  if (shown !== 'said') throw new Error(`an event that arrived was not shown\n${output.text()}`)
}

/** @param {string} url */
async function expectNobodyAt(url) {
  const status = await fetch(url).then(
    (response) => response.status,
    () => 'nobody',
  )
  if (status !== 'nobody') throw new Error(`${url} still answers, with ${status}`)
}
