/** Imports that go against the layers of `layers.mjs`. */
import { readFileSync } from 'node:fs'
import { dirname, join, posix, relative, sep } from 'node:path'
import ts from 'typescript'
import { listFiles } from '../../lib/fingerprint.mjs'
import { tops } from './layers.mjs'

/**
 * @typedef {import('./layers.mjs').Layer} Layer
 * @typedef {{ path: string, typesOnly: boolean }} Import `path` is relative to `src`.
 */

/**
 * @param {string} source A package's `src` folder.
 * @param {Layer[]} layers
 * @returns {string} How much was looked at.
 * @throws when there are such imports, naming each and the reason of the rule.
 */
export function findUpwardImports(source, layers) {
  const files = listFiles(source)
    .map((file) => relative(source, file).replaceAll(sep, '/'))
    .filter((path) => /\.m?tsx?$/.test(path) && !/\.test\.tsx?$/.test(path))
  let followed = 0
  const faults = files.flatMap((path) => {
    const layer = layers.find(({ folder }) => folder === folderOf(path))
    if (!layer) return []
    const imports = readImports(join(source, path), path)
    followed += imports.length
    return imports
      .filter((one) => !isAllowed(one, layer))
      .map((one) => `${path} imports ${one.path}, but ${layer.because}`)
  })
  if (faults.length > 0) throw new Error(faults.join('\n'))
  return `${followed} imports`
}

/**
 * @param {Import} one
 * @param {Layer} layer
 */
function isAllowed({ path, typesOnly }, layer) {
  const target = folderOf(path)
  if (layer.typesOnly && !typesOnly) return false
  if (layer.never) return !layer.never.includes(target)
  if (target === layer.folder || layer.restsOn?.includes(target)) return true
  if (target === '') return !tops.some((top) => isFile(path, top))
  return typesOnly && (layer.names?.includes(target) ?? false)
}

/** @param {string} path */
const folderOf = (path) => (path.includes('/') ? path.slice(0, path.indexOf('/')) : '')

/**
 * Whether an import, written with or without an ending, means this file.
 * @param {string} imported
 * @param {string} file
 */
const isFile = (imported, file) => imported.replace(/\.[jt]s$/, '') === file.replace(/\.ts$/, '')

/**
 * The relative imports of a file: static and dynamic ones, re-exports, and types named by `import('…')`.
 * @param {string} file
 * @param {string} path
 * @returns {Import[]}
 */
function readImports(file, path) {
  const parsed = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true)
  /** @type {Import[]} */
  const found = []
  const add = (/** @type {ts.Node | undefined} */ target, /** @type {boolean} */ typesOnly) => {
    if (!target || !ts.isStringLiteralLike(target) || !target.text.startsWith('.')) return
    found.push({ path: posix.normalize(posix.join(dirname(path), target.text)), typesOnly })
  }
  const visit = (/** @type {ts.Node} */ node) => {
    if (ts.isImportDeclaration(node)) add(node.moduleSpecifier, importsTypesOnly(node.importClause))
    if (ts.isExportDeclaration(node)) add(node.moduleSpecifier, node.isTypeOnly)
    if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) add(node.argument.literal, true)
    if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      add(node.arguments[0], false)
    }
    ts.forEachChild(node, visit)
  }
  visit(parsed)
  return found
}

/** @param {ts.ImportClause | undefined} clause */
function importsTypesOnly(clause) {
  if (!clause || clause.isTypeOnly) return clause?.isTypeOnly ?? false
  const names = clause.namedBindings
  return (
    !clause.name && !!names && ts.isNamedImports(names) && names.elements.every((name) => name.isTypeOnly)
  )
}
