import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import { beforeAll, describe, expect, it } from 'vitest'
import * as sluice from '../src/index'

const root = fileURLToPath(new URL('../../..', import.meta.url))
const read = (path: string) => readFileSync(join(root, path), 'utf8')

const guides = readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.md'))
  .map((path) => `docs/${path.replaceAll('\\', '/')}`)
const pages = [
  'README.md',
  'packages/node/README.md',
  'packages/browser/README.md',
  'packages/core/README.md',
  'packages/testing/README.md',
  ...guides.sort(),
]

/** The examples of a page that are code, in their order. */
function examplesOf(page: string): string[] {
  return [...read(page).matchAll(/^```(?:tsx?|js)\n([\s\S]*?)^```$/gm)].map(([, code = '']) => code)
}

const examples = pages.flatMap((page) =>
  examplesOf(page).map((code, index) => ({
    title: `${page}, example ${index + 1}`,
    // Beside the packages, so that what they import is found from here.
    file: join(root, 'packages/node/test', `${page.replace(/\W/g, '-')}-${index + 1}.example.ts`),
    code,
  })),
)

/** What the examples take as given: a client, and the frameworks that are not installed here. */
const surroundings = {
  file: join(root, 'packages/node/test/surroundings.d.ts'),
  code: `
declare const analytics: import('@sluice/node').Analytics
declare function hasAgreed(settings: import('@sluice/browser').CDNSettings): boolean
declare const app: { use(handle: (req: import('express').Request, res: import('express').Response, next: import('express').NextFunction) => void): void }
interface ExecutionContext { waitUntil(work: Promise<unknown>): void }

declare module '@/analytics' {
  export const analytics: import('@sluice/browser').AnalyticsBrowser
}
declare module '@/acme' {
  export function acme(settings: { key: string }): import('@sluice/browser').Plugin
}
declare module '@/acme-actions' {
  export const acme: import('@sluice/browser').PluginFactory
}
declare module '@/acme-settings' {
  export const cdnSettings: import('@sluice/browser').CDNSettings
}
interface NuxtApp { hook(name: 'page:finish', run: () => void): void }
declare function defineNuxtPlugin(setUp: (nuxtApp: NuxtApp) => void): object
declare module 'next/navigation' {
  export function usePathname(): string
}
declare module 'react' {
  export function useEffect(effect: () => void, dependencies: unknown[]): void
}
declare module 'express' {
  export interface Request { ip: string; user?: { id: string }; cookies: Record<string, string | undefined> }
  export interface Response {}
  export type NextFunction = (error?: unknown) => void
}
declare module 'fastify' {
  interface Request { id: string; ip: string }
  interface Fastify {
    addHook(name: 'preHandler', hook: (request: Request, reply: object, done: () => void) => void): void
    post(path: string, handle: () => Promise<unknown>): void
  }
  export default function fastify(): Fastify
}
declare module 'hono' {
  interface Context { req: { path: string; header(name: string): string | undefined } }
  export class Hono { use(handle: (c: Context, next: () => Promise<void>) => Promise<void>): void }
}
declare module 'undici' {
  export class ProxyAgent { constructor(url: string) }
  export function fetch(url: string, init: RequestInit & { dispatcher?: ProxyAgent }): Promise<Response>
}
declare module '@vercel/functions' {
  export function waitUntil(work: Promise<unknown>): void
}
declare module 'aws-lambda' {
  interface Invocation { userId: string; ip: string }
  export type Handler = (event: Invocation, context: { getRemainingTimeInMillis(): number }) => Promise<unknown>
}
`,
}

const settings: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  lib: ['lib.es2022.d.ts', 'lib.esnext.disposable.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts'],
  types: ['node'],
  typeRoots: [join(root, 'node_modules/@types')],
  strict: true,
  exactOptionalPropertyTypes: true,
  noImplicitOverride: true,
  noUncheckedIndexedAccess: true,
  resolveJsonModule: true,
  esModuleInterop: true,
  skipLibCheck: true,
  noEmit: true,
  // Like all tests, on the sources: nothing has to be built, and nothing stale is read.
  paths: {
    '@sluice/browser': [join(root, 'packages/browser/src/index.ts')],
    '@sluice/browser/no-remote': [join(root, 'packages/browser/src/index.ts')],
    '@sluice/browser/snippet': [join(root, 'packages/browser/src/snippet.ts')],
    '@sluice/node': [join(root, 'packages/node/src/index.ts')],
    '@sluice/core': [join(root, 'packages/core/src/index.ts')],
    '@sluice/core/internal': [join(root, 'packages/core/src/internal.ts')],
    '@sluice/dev-server': [join(root, 'packages/dev-server/src/index.ts')],
    '@sluice/dev-server/testing': [join(root, 'packages/dev-server/src/testing.ts')],
  },
}

/** A program of all examples; each is a module of its own. */
function compile(): ts.Program {
  const files = new Map([
    [surroundings.file, surroundings.code],
    ...examples.map(({ file, code }): [string, string] => [file, `${code}\nexport {}\n`]),
  ])
  const host = ts.createCompilerHost(settings)
  const onDisk = { getSourceFile: host.getSourceFile, fileExists: host.fileExists, readFile: host.readFile }
  host.getSourceFile = (name, ...rest) => {
    const code = files.get(name)
    return code === undefined
      ? onDisk.getSourceFile(name, ...rest)
      : ts.createSourceFile(name, code, ts.ScriptTarget.ES2022)
  }
  host.fileExists = (name) => files.has(name) || onDisk.fileExists(name)
  host.readFile = (name) => files.get(name) ?? onDisk.readFile(name)
  return ts.createProgram([...files.keys()], settings, host)
}

describe('the examples in the documentation', () => {
  let program: ts.Program
  beforeAll(() => {
    program = compile()
  }, 60_000)

  it.each(examples)(
    '$title is correct TypeScript',
    ({ file }) => {
      const source = program.getSourceFile(file)
      const faults = [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)]

      expect(source).toBeDefined()
      expect(faults.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'))).toEqual([])
    },
    60_000,
  )

  it.each(['README.md', 'packages/node/README.md'])(
    'the first one of %s delivers its events',
    async (page) => {
      const [example = ''] = examplesOf(page)
      const received: { type: string }[] = []
      const server = createServer((request, response) => {
        let body = ''
        request.on('data', (chunk) => {
          body += chunk
        })
        request.on('end', () => {
          received.push(...JSON.parse(body).batch)
          response.end('{"success":true}')
        })
      })
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
      const { port } = server.address() as AddressInfo
      class LocalAnalytics extends sluice.Analytics {
        constructor(given: sluice.AnalyticsSettings) {
          super({ ...given, writeKey: 'key', host: `http://127.0.0.1:${port}` })
        }
      }
      const { outputText } = ts.transpileModule(example, {
        compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 },
      })
      const run = new Function('require', 'exports', `return (async () => {${outputText}})()`)

      await run(() => ({ ...sluice, Analytics: LocalAnalytics }), {})
      await new Promise((resolve) => server.close(resolve))

      expect(received.map(({ type }) => type)).toEqual(['identify', 'track'])
    },
  )
})

/** The names that an interface or type of `packages/node/src` declares itself. */
function namesIn(file: string, type: string): string[] {
  const source = ts.createSourceFile(file, read(`packages/node/src/${file}`), ts.ScriptTarget.ES2022)
  const names: string[] = []
  const collect = (node: ts.Node): void => {
    if (ts.isPropertySignature(node)) names.push(node.name.getText(source))
    else if (ts.isIntersectionTypeNode(node) || ts.isTypeLiteralNode(node)) ts.forEachChild(node, collect)
  }
  for (const statement of source.statements) {
    if (ts.isInterfaceDeclaration(statement) && statement.name.text === type)
      statement.members.forEach(collect)
    if (ts.isTypeAliasDeclaration(statement) && statement.name.text === type) collect(statement.type)
  }
  return names
}

/** What the first column of a table says, as names. The table is the one whose head begins with `head`. */
function firstColumn(page: string, head: string, chapter: string): string[] {
  const text = read(page).split(`\n## ${chapter}\n`)[1]?.split('\n## ')[0] ?? ''
  const lines = text.split('\n')
  const start = lines.findIndex((line) => new RegExp(`^\\| ${head} +\\|`).test(line))
  const rows = lines.slice(start + 2)
  const end = rows.findIndex((line) => !line.startsWith('|'))
  return rows.slice(0, end === -1 ? undefined : end).flatMap((row) => {
    const [, cell = ''] = row.split('|')
    return [...cell.matchAll(/`(\w+)`/g)].map(([, name = '']) => name)
  })
}

describe('the reference in packages/node/README.md', () => {
  const page = 'packages/node/README.md'

  it.each([
    ['setting', 'Settings', namesIn('settings.ts', 'AnalyticsSettings')],
    ['setting', 'OAuth', namesIn('oauth/settings.ts', 'OAuthSettings')],
    ['option', 'HTTP clients', namesIn('http/node-http-client.ts', 'NodeHTTPClientOptions')],
    [
      'event',
      'Events',
      [
        ...['alias', 'track', 'identify', 'page', 'screen', 'group', 'register', 'deregister', 'error'],
        ...namesIn('events.ts', 'NodeEmitterEvents'),
      ],
    ],
  ])('has a row for every %s under “%s”, and no other', (head, chapter, names) => {
    expect(names.length).toBeGreaterThan(2)
    expect(firstColumn(page, head, chapter).sort()).toEqual([...names].sort())
  })

  it('knows every event of the core that the Node library inherits', () => {
    const core = readFileSync(join(root, 'packages/core/src/emitter-contract.ts'), 'utf8')
    const inherited = [...core.matchAll(/^ {2}(\w+): \[/gm)].map(([, name = '']) => name)

    expect(firstColumn(page, 'event', 'Events')).toEqual(expect.arrayContaining(inherited))
  })

  it('names every type and class that the package exports', () => {
    const types = read(page).split('\n## Types\n')[1]?.split('\n## ')[0] ?? ''
    const source = read('packages/node/src/index.ts')
    const exported = [...source.matchAll(/^export (?:type )?\{([^}]*)\}/gm)]
      .flatMap(([, names = '']) => names.split(','))
      .map((name) => name.trim())
      .filter((name) => /^[A-Z]\w+$/.test(name))

    // Told elsewhere on the page, or beneath the ones that are named.
    const elsewhere = [
      ...['FetchHTTPClient', 'NodeHTTPClient', 'CancelationOptions', 'CoreExtraContext', 'CoreOptions'],
      ...['ID', 'Timestamp', 'Traits'],
    ]
    const missing = exported.filter((name) => !elsewhere.includes(name) && !types.includes(`\`${name}\``))
    expect(missing).toEqual([])
  })
})

describe('the guides', () => {
  it.each(pages)('%s links to nothing that is not there', (page) => {
    const links = [...read(page).matchAll(/\]\(([^)]+)\)/g)].map(([, target = '']) => target)
    const local = links.filter((target) => !/^https?:/.test(target))

    const broken = local.filter((target) => {
      const [path = '', anchor] = target.split('#')
      const file = path === '' ? page : relative(root, join(root, dirname(page), path))
      if (!existsSync(join(root, file))) return true
      return anchor !== undefined && !anchorsOf(file).includes(anchor)
    })
    expect(broken).toEqual([])
  })

  it('docs/life-of-an-event.md names files that exist', () => {
    const steps =
      read('docs/life-of-an-event.md').match(/[*_](?:node|core|browser)[*_] (?:`[\w/-]+\.ts`(?:,\s+)?)+/g) ??
      []
    const files = steps.flatMap((step) => {
      const [, place] = /^[*_](node|core|browser)/.exec(step) ?? []
      return [...step.matchAll(/`([^`]+)`/g)].map(([, file]) => `packages/${place}/src/${file}`)
    })

    expect(files.length).toBeGreaterThan(30)
    expect(files.filter((file) => !existsSync(join(root, file)))).toEqual([])
  })
})

function anchorsOf(page: string): string[] {
  return [...read(page).matchAll(/^#+ (.+)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replace(/[^\w\- ]/g, '')
      .replaceAll(' ', '-'),
  )
}
