/**
 * What browsers do differently when a page is left, in Firefox and WebKit, each if this machine has it or a package
 * manager can bring it.
 */
import { installPackages } from '../lib/chromium.mjs'
import { EngineMissing } from '../lib/engines/engine.mjs'
import { starters } from '../lib/engines/start-engines.mjs'
import { runVitest } from './vitest.mjs'

/** @type {{ name: keyof typeof starters, packages: string[] }[]} */
const engines = [
  { name: 'Firefox', packages: ['firefox-esr'] },
  { name: 'WebKit', packages: ['webkit2gtk-driver', 'xvfb'] },
]

/** @type {import('../lib/report.mjs').Step} */
export default async function test(report) {
  for (const { name, packages } of engines) {
    const version =
      (await findVersion(name)) ??
      (await installPackages(name, packages, report.say).then(
        () => findVersion(name),
        (reason) => report.say(`${name} could not be installed: ${reason}`),
      ))
    if (!version) {
      report.say(`${name} is left out: install ${packages.join(' and ')} to test with it`)
      continue
    }
    report.say(`${name} ${version}`)
    process.env.ENGINE_UNDER_TEST = name
    await runVitest(report, ['--config', 'packages/browser/test-engines/vitest.config.ts'])
  }
}

/** @param {keyof typeof starters} name */
async function findVersion(name) {
  try {
    const engine = await starters[name]()
    await engine.close()
    return engine.version
  } catch (reason) {
    if (reason instanceof EngineMissing) return undefined
    throw reason
  }
}
