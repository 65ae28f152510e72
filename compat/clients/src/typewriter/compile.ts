import { dirname, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import { generateClients, pathsOfClients } from './generate-clients'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))

/** What takes the place of an import: our types as they are published. */
const libraryPaths = {
  '@segment/analytics-next': [here('../../../../packages/browser/dist/index.d.ts')],
  '@segment/analytics-node': [here('../../../../packages/node/dist/index.d.ts')],
}

/** Compiles what uses the generated clients, and them, with everything checked; answers what is wrong. */
export async function compileShops(folder: string): Promise<string[]> {
  const program = ts.createProgram([here('../pages/typewriter.ts'), here('./node-shop.ts')], {
    paths: { ...libraryPaths, ...pathsOfClients(await generateClients(folder)) },
    strict: true,
    skipLibCheck: false,
    noEmit: true,
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    esModuleInterop: true,
    types: ['node'],
    lib: ['lib.es2022.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts'],
  })
  return ts.getPreEmitDiagnostics(program).map(({ file, start, messageText }) => {
    const text = ts.flattenDiagnosticMessageText(messageText, '\n')
    if (!file) return text
    const line = start === undefined ? 0 : file.getLineAndCharacterOfPosition(start).line + 1
    return `${relative(dirname(here('.')), file.fileName)}:${line} ${text}`
  })
}
