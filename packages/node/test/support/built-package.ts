import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { packageFolder } from './bundle'

/** Builds this package, and core, of which it is made, unless that was done before. */
export async function buildIfMissing(): Promise<void> {
  for (const folder of [`${packageFolder}../core/`, packageFolder]) {
    if (existsSync(`${folder}dist/index.js`)) continue
    const { code, output } = await run(
      process.platform === 'win32' ? 'npm.cmd' : 'npm',
      ['run', 'build'],
      folder,
    )
    if (code !== 0) throw new Error(`Could not build ${folder}: ${output}`)
  }
}

/** Runs Node in the folder of this package, until it ends by itself. */
export function runNode(args: string[]): Promise<{ code: number; output: string }> {
  return run(process.execPath, args, packageFolder)
}

function run(command: string, args: string[], cwd: string): Promise<{ code: number; output: string }> {
  return new Promise((resolve) => {
    const child = execFile(command, args, { cwd, timeout: 60_000 }, (_, stdout, stderr) => {
      resolve({ code: child.exitCode ?? -1, output: `${stdout}${stderr}`.trim() })
    })
  })
}
