/** What is written for readers, as far as it can be checked: links, tables, and commands that others could answer to. */
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { listFiles } from '../lib/fingerprint.mjs'
import { readWorkspace, root } from '../lib/workspace.mjs'
import { readLinks, withoutCode } from './docs/read-links.mjs'

/** Tools of this workspace, installed wherever one of these is run, so that no registry is asked for them. */
const tools = ['vitest', 'tsc', 'tsup', 'vite', 'changeset', 'biome', '--yes']

/** @type {import('../lib/report.mjs').Step} */
export default async function docs(report) {
  const files = listFiles(root, (name) =>
    ['node_modules', 'dist', '.git', '.cache', 'coverage'].includes(name),
  )
  const texts = files.filter((file) => file.endsWith('.md'))
  await report.check('links lead to files and headings that are there', () => expectNone(texts, deadLinks))
  await report.check('tables have heads', () => expectNone(texts, brokenTables))
  await report.check('commands for `npx` name tools that are here, or packages of ours', () =>
    expectNone(
      files.filter((file) => /\.(md|m?js|tsx?|json|html)$/.test(file)),
      strangeCommands,
    ),
  )
}

/**
 * @param {string[]} files
 * @param {(text: string, file: string) => string[]} findFaults
 */
function expectNone(files, findFaults) {
  const faults = files.flatMap((file) =>
    findFaults(readFileSync(file, 'utf8'), file).map((fault) => `${relative(root, file)}: ${fault}`),
  )
  if (faults.length > 0) throw new Error(faults.join('\n'))
  return `${files.length} files`
}

/**
 * @param {string} text
 * @param {string} file
 */
function deadLinks(text, file) {
  return readLinks(text).flatMap(({ path, anchor }) => {
    const target = path === '' ? file : join(dirname(file), path)
    if (!existsSync(target)) return [`there is no ${path}`]
    if (anchor === '' || !target.endsWith('.md')) return []
    return anchorsOf(readFileSync(target, 'utf8')).has(anchor) ? [] : [`${path || 'it'} has no #${anchor}`]
  })
}

/**
 * As GitHub makes them from headings.
 * @param {string} text
 */
function anchorsOf(text) {
  const lines = text.replace(/^ *(`{3,})[^\n]*\n.*?^ *\1 *$/gms, '').matchAll(/^#+ +(.+)$/gm)
  return new Set(
    [...lines].map(([, heading = '']) =>
      heading
        .toLowerCase()
        .replace(/[^\p{L}\p{N} _-]/gu, '')
        .trim()
        .replaceAll(' ', '-'),
    ),
  )
}

/**
 * Rows that stand without a head are printed as they are.
 * @param {string} text
 */
function brokenTables(text) {
  const blocks = withoutCode(text).split(/\n\s*\n/)
  return blocks.flatMap((block) => {
    const rows = block.split('\n').filter((line) => line.startsWith('|'))
    return rows.length === 0 || /^\|[\s:|-]+\|$/.test(rows[1] ?? '')
      ? []
      : [`a table without a head: ${rows[0]}`]
  })
}

/** @param {string} text */
function strangeCommands(text) {
  const own = readWorkspace().map(({ name }) => name)
  return [...text.matchAll(/\b(?:npx|bunx|(?:pnpm|yarn) dlx|npm exec) ([\w@/.-]+)/g)].flatMap(
    ([command, name = '']) =>
      [...tools, ...own].includes(name) ? [] : [`${command} asks a registry for a package that is not ours`],
  )
}
