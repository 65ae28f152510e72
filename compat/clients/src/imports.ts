import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))

/** The names that a package imports from Segment's libraries, in its code and in its types. */
export function importsOf(client: string): string[] {
  const names = new Set<string>()
  for (const file of filesOf(here(`../node_modules/${client}`))) {
    const text = readFileSync(file, 'utf8')
    if (!/@segment\/analytics-(next|node)/.test(text)) continue
    for (const name of namesIn(ts.createSourceFile(file, text, ts.ScriptTarget.ES2022, true))) names.add(name)
  }
  return [...names].sort()
}

function filesOf(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (['node_modules', 'tests', '__tests__', 'coverage'].includes(entry.name)) return []
    if (entry.isDirectory()) return filesOf(join(folder, entry.name))
    return /\.[cm]?[jt]sx?$/.test(entry.name) ? [join(folder, entry.name)] : []
  })
}

/** As they are written in modules, in CommonJS that was compiled, and in types. */
function namesIn(file: ts.SourceFile): string[] {
  const names: string[] = []
  const required = new Set<string>()
  const isSegment = (node: ts.Node | undefined) =>
    node && ts.isStringLiteralLike(node) && /^@segment\/analytics-(next|node)$/.test(node.text)
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) && isSegment(node.moduleSpecifier)) {
      if (node.importClause?.name) names.push('default')
      const bindings = node.importClause?.namedBindings
      if (bindings && ts.isNamedImports(bindings)) {
        for (const { name, propertyName } of bindings.elements) names.push((propertyName ?? name).text)
      }
    }
    if (
      ts.isVariableDeclaration(node) &&
      ts.isIdentifier(node.name) &&
      /require\("@segment/.test(node.getText())
    )
      required.add(node.name.text)
    const isOfRequired =
      ts.isPropertyAccessExpression(node) &&
      ts.isIdentifier(node.expression) &&
      required.has(node.expression.text)
    if (isOfRequired) names.push(node.name.text)
    ts.forEachChild(node, visit)
  }
  visit(file)
  return names
}

const exported = new Map<string, string[]>()

/** The names that one of our packages exports, types included. */
export function exportsOf(ours: 'browser' | 'node'): string[] {
  const known = exported.get(ours)
  if (known) return known
  const index = here(`../../../packages/${ours}/src/index.ts`)
  const program = ts.createProgram([index], {
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    noEmit: true,
  })
  const checker = program.getTypeChecker()
  const file = program.getSourceFile(index)
  const symbol = file && checker.getSymbolAtLocation(file)
  if (!symbol) throw new Error(`${index} exports nothing`)
  const names = checker.getExportsOfModule(symbol).map(({ name }) => name)
  exported.set(ours, names)
  return names
}
