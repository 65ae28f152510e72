/** Runs a command to its end, and lets none outlive us. */
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { root } from './workspace.mjs'

/**
 * @typedef {object} RunOptions
 * @property {string} [cwd] The root of the workspace, unless given.
 * @property {boolean} [live] Show the output as it comes instead of returning it.
 * @property {Record<string, string>} [env] Beside the environment we have ourselves.
 */

/** A command that could not be started or ended with another status than 0. */
export class CommandFailed extends Error {
  /**
   * @param {string} command
   * @param {number | string} status
   * @param {string} output
   */
  constructor(command, status, output) {
    super(`${command} ended with ${status}`)
    this.output = output
  }
}

/** @type {Set<import('node:child_process').ChildProcess>} */
const running = new Set()

// Far longer than anything here takes, on a busy machine too: whatever hangs must not hang us.
const patienceMs = 40 * 60_000

// Windows finds `npm` and `npx` only through its shell.
const shell = process.platform === 'win32'

/**
 * @param {string} command
 * @param {string[]} args
 * @param {RunOptions} [options]
 * @returns {Promise<string>} What it wrote, to both streams.
 */
export function run(command, args, { cwd = root, live = false, env = {} } = {}) {
  const child = spawn(command, args, {
    cwd,
    env: { ...process.env, ...env },
    shell,
    timeout: patienceMs,
    stdio: live ? 'inherit' : ['ignore', 'pipe', 'pipe'],
  })
  endWithUs(child)
  let output = ''
  const keep = (/** @type {string} */ text) => {
    output += text
  }
  child.stdout?.setEncoding('utf8').on('data', keep)
  child.stderr?.setEncoding('utf8').on('data', keep)
  const line = [command, ...args].join(' ')
  return new Promise((resolve, reject) => {
    child.once('error', (cause) => reject(new CommandFailed(line, String(cause), output)))
    child.once('close', (code, signal) => {
      if (code === 0) resolve(output)
      else reject(new CommandFailed(line, signal ?? `status ${code}`, output))
    })
  })
}

/**
 * Runs a tool that is installed in the workspace.
 * @param {string} tool
 * @param {string[]} args
 * @param {RunOptions} [options]
 */
export const runTool = (tool, args, options) => run(join(root, 'node_modules/.bin', tool), args, options)

/**
 * Puts a process among those that an interruption ends.
 * @param {import('node:child_process').ChildProcess} child
 */
export function endWithUs(child) {
  running.add(child)
  child.once('error', () => running.delete(child)).once('exit', () => running.delete(child))
}

/**
 * Whatever interrupts us interrupts what we are waiting for.
 * @returns {() => void} Ends this.
 */
export function endChildrenWithUs() {
  const endAll = (/** @type {NodeJS.Signals} */ signal) => {
    for (const child of running) child.kill(signal)
    process.exit(signal === 'SIGINT' ? 130 : 143)
  }
  process.once('SIGINT', endAll).once('SIGTERM', endAll)
  return () => {
    process.off('SIGINT', endAll).off('SIGTERM', endAll)
  }
}
