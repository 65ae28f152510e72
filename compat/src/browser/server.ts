import { execFile } from 'node:child_process'
import type { BrowserSubject } from './subjects'

/**
 * Runs a small program with Node, where there is no page, and answers what it printed, or how it failed. `library` is
 * there.
 */
export async function onServer(subject: BrowserSubject, program: string): Promise<string> {
  const text = await subject.text()
  return new Promise((resolve) => {
    const run = execFile(process.execPath, ['-'], (error, stdout) => {
      resolve(error ? (/^\w+Error: .*$/m.exec(error.message)?.[0] ?? error.message) : stdout.trim())
    })
    run.stdin?.end(
      `const library = ((module) => {${text}; return module.exports})({ exports: {} })\n${program}`,
    )
  })
}
