/** Child processes that report by message: everything measured runs in a process of its own. */
import { fork } from 'node:child_process'

const path = (name) => new URL(`../${name}`, import.meta.url).pathname

/** Starts the counting server. `close` ends it. */
export async function startServer(...args) {
  const child = fork(path('lib/server.mjs'), args)
  const { port } = await message(child)
  const host = `http://127.0.0.1:${port}`
  return {
    host,
    /** What it has seen since it was asked last. */
    seen: async () => (await fetch(host)).json(),
    close: () => child.disconnect(),
  }
}

/** Starts a worker script with a task. */
export function startWorker(name, task, execArgv = ['--expose-gc']) {
  const child = fork(path(name), [JSON.stringify(task)], { execArgv })
  return {
    /** The next thing it says. */
    report: () => message(child),
    send: (word) => child.send(word),
    ended: new Promise((resolve) => child.once('exit', resolve)),
  }
}

/** Runs a worker script once with a task, and answers what it reports. */
export async function runWorker(name, task, execArgv) {
  const worker = startWorker(name, task, execArgv)
  const report = await worker.report()
  await worker.ended
  return report
}

/** The task a worker was started with. */
export const task = () => JSON.parse(process.argv[2])

function message(child) {
  return new Promise((resolve, reject) => {
    child.once('message', resolve)
    child.once('error', reject)
    child.once('exit', (code) => code && reject(new Error(`a child ended with ${code}`)))
  })
}
