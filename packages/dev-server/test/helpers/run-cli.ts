import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { onTestFinished } from 'vitest'

export interface CliProcess {
  child: ChildProcess
  /** Everything it has written so far. */
  output(): string
  /** Resolves once the output matches; rejects when the process ends before. */
  until(pattern: RegExp): Promise<RegExpExecArray>
  /** Resolves with the exit code, or the signal that ended it. */
  exit: Promise<number | string | null>
}

/** Runs the built command line in a folder; it is ended with the test, whatever happens. */
export function runCli(cli: string, args: string[], cwd: string): CliProcess {
  const child = spawn(process.execPath, [cli, ...args], { cwd, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString()
  })
  child.stderr.on('data', (chunk: Buffer) => {
    output += chunk.toString()
  })
  const exit = once(child, 'close').then(
    ([code, signal]: (number | string | null)[]) => code ?? signal ?? null,
  )
  onTestFinished(async () => {
    child.kill('SIGKILL')
    await exit
  })
  const until = async (pattern: RegExp): Promise<RegExpExecArray> => {
    while (true) {
      const found = pattern.exec(output)
      if (found !== null) return found
      const ended = await Promise.race([exit.then(() => true), once(child.stdout, 'data').then(() => false)])
      if (ended) {
        const last = pattern.exec(output)
        if (last !== null) return last
        throw new Error(`The process ended before it wrote ${pattern}:\n${output}`)
      }
    }
  }
  return { child, output: () => output, until, exit }
}
