/**
 * What a packed package has to read: `node pack-docs.mjs add` before packing, `node pack-docs.mjs remove` after it.
 *
 * In the repository, READMEs link to guides and packages next to theirs; installed, or shown by npm, they stand alone. So
 * the guides come along, in `docs`, and their links are written anew: guides to one another, other packages to npm, and
 * what is nowhere but in the repository becomes plain text.
 */
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join, posix, relative, sep } from 'node:path'
import { readWorkspace, root } from './lib/workspace.mjs'

const folder = process.cwd()
const readme = join(folder, 'README.md')
// Not beside it: whatever begins with README is packed.
const original = join(folder, '.cache/README.md')
const docs = join(folder, 'docs')

const [action] = process.argv.slice(2)
if (action === 'remove') remove()
else add()

function remove() {
  if (existsSync(original)) renameSync(original, readme)
  rmSync(docs, { recursive: true, force: true })
}

function add() {
  remove()
  const texts = new Map([[readme, readFileSync(readme, 'utf8')]])
  // A map is walked to its end, which moves while it grows.
  for (const [file, text] of texts) {
    texts.set(
      file,
      rewriteLinks(text, (path) => {
        const target = join(dirname(file), path)
        if (isGuide(target) && !texts.has(target)) texts.set(target, readFileSync(target, 'utf8'))
        return addressOf(target, file)
      }),
    )
  }
  mkdirSync(dirname(original), { recursive: true })
  renameSync(readme, original)
  for (const [file, text] of texts) {
    const place = join(folder, placeOf(file))
    mkdirSync(dirname(place), { recursive: true })
    writeFileSync(place, text)
  }
}

/**
 * @param {string} text
 * @param {(path: string) => string | undefined} rewrite Where a relative link leads from now on; nothing for nowhere.
 */
function rewriteLinks(text, rewrite) {
  const fenceOrLink = /(^ *(`{3,})[^\n]*\n.*?^ *\2 *$)|\[([^\]]*)\]\(([^)\s]+)\)/gms
  return text.replace(fenceOrLink, (whole, fence, _ticks, words, target) => {
    if (fence !== undefined || /^(#|[a-z][a-z+.-]*:)/i.test(target)) return whole
    const [path, anchor] = target.split('#')
    const address = rewrite(path)
    return address === undefined ? words : `[${words}](${address}${anchor === undefined ? '' : `#${anchor}`})`
  })
}

/** @param {string} file */
function isGuide(file) {
  return /^[^.].*\.md$/.test(relative(join(root, 'docs'), file)) && existsSync(file)
}

/**
 * Where a file of the repository is in the package.
 * @param {string} file
 */
function placeOf(file) {
  return relative(isGuide(file) ? root : folder, file)
    .split(sep)
    .join('/')
}

/**
 * @param {string} target
 * @param {string} file That links there.
 * @returns {string | undefined}
 */
function addressOf(target, file) {
  if (isGuide(target) || target === readme)
    return posix.relative(posix.dirname(placeOf(file)), placeOf(target))
  const place = existsSync(target) && statSync(target).isDirectory() ? target : dirname(target)
  const other = readWorkspace().find((one) => join(one.folder) === join(place) && !one.manifest.private)
  if (!other) return undefined
  return other.folder === folder
    ? posix.relative(posix.dirname(placeOf(file)), 'README.md')
    : `https://www.npmjs.com/package/${other.name}`
}
