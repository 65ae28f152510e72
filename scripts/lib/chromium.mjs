/** Finds a Chromium for the tests that need a real browser, and brings one where that takes a single command. */
import { accessSync, constants, existsSync, statSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { run } from './run.mjs'

/** In the order in which they are looked for on the PATH. */
const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']

const macApplications = [
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
]

/** Nothing but the page under test: no window, no updates, no talk with anybody. */
export const chromiumFlags = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

const advice = `Install one, or say where it is:
  Debian        apt-get install chromium
  Ubuntu        https://www.google.com/chrome (chromium is a snap there, which works as well)
  Fedora        dnf install chromium
  macOS         brew install --cask chromium
  elsewhere     CHROMIUM_PATH=/path/to/chrome`

/** @returns {string} The path of a Chromium or Chrome on this machine; throws with what to do when there is none. */
export function findChromium() {
  const path = look()
  if (path) return path
  throw new Error(`There is no Chromium or Chrome on this machine. ${advice}`)
}

/**
 * As `findChromium`, but where a package manager can bring Chromium without asking anybody, it does.
 * @param {(text: string) => void} say
 */
export async function bringChromium(say) {
  const before = look()
  if (before) return before
  await installPackages('Chromium', ['chromium'], say)
  return findChromium()
}

/**
 * Installs packages of the distribution, where a package manager can do so without asking anybody.
 * @param {string} what
 * @param {string[]} packages
 * @param {(text: string) => void} say
 */
export async function installPackages(what, packages, say) {
  const asRoot = await findRoot()
  if (!asRoot) return
  say(`There is no ${what} on this machine: installing the one of the distribution with apt-get`)
  await asRoot(['apt-get', 'update'])
  await asRoot([
    'env',
    'DEBIAN_FRONTEND=noninteractive',
    'apt-get',
    'install',
    '-y',
    '--no-install-recommends',
    ...packages,
  ])
}

/**
 * @param {string} path
 * @returns {Promise<string>} Such as `Chromium 140.0.7339.80`.
 */
export async function chromiumVersion(path) {
  const output = await run(path, ['--version'])
  // Launchers of distributions may have more to say.
  return /^(Chrom|Google).*\d/m.exec(output)?.[0].trim() ?? output.trim()
}

function look() {
  const wanted = process.env.CHROMIUM_PATH
  if (wanted !== undefined) {
    if (isProgram(wanted)) return wanted
    throw new Error(`CHROMIUM_PATH is ${wanted}, which is no program`)
  }
  const places = [...names.map(onPath), ...(process.platform === 'darwin' ? macApplications : [])]
  return places.find((place) => place !== undefined && isProgram(place))
}

/** @param {string} name */
function onPath(name) {
  return (process.env.PATH ?? '')
    .split(delimiter)
    .map((folder) => join(folder, name))
    .find(isProgram)
}

/** @param {string} path */
function isProgram(path) {
  try {
    accessSync(path, constants.X_OK)
    return statSync(path).isFile()
  } catch {
    return false
  }
}

/** @returns {Promise<((command: string[]) => Promise<string>) | undefined>} Runs a command as root, where that needs no password. */
async function findRoot() {
  if (!existsSync('/etc/debian_version') || !onPath('apt-get')) return undefined
  if (process.getuid?.() === 0) return ([command = '', ...args]) => run(command, args)
  const maySudo = await run('sudo', ['-n', 'true']).then(
    () => true,
    () => false,
  )
  return maySudo ? (command) => run('sudo', ['-n', ...command]) : undefined
}
