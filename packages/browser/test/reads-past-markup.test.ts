// @vitest-environment node
/** Elements may have the names of what documents, windows and forms have: no file but one reads these names by itself. */
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

const folder = fileURLToPath(new URL('../src', import.meta.url))

/** The reader itself; and the snippet, which is a text that can use nothing from elsewhere. */
const isExcepted = (file: string) => /^(past-markup|snippet[/\\](run-snippet|snippet-text))\.ts$/.test(file)

/** Globals that every page has: no element can hide them. */
const ofEveryHost = 'document|location|navigator|fetch|name|window'

const reads: Record<string, RegExp> = {
  // Writing is safe: named elements are not in the way.
  'a member of document': /\bdocument\s*\??\.(?!cookie = )|\bdocument\s*\[|\}\s*=\s*document\b/,
  'a global by name':
    /\bReflect\.(get|has)\((globalThis|window|self|document)\b|\bin (globalThis|window|document)\b/,
  'a global that may be missing': new RegExp(
    String.raw`\b(globalThis|window|self)\)?\s*\??\.(?!(${ofEveryHost})\b)|\{(?!\s*(${ofEveryHost})\b)[^{}]*\}\s*(:[^=;]*)?=\s*(globalThis|window|self)\b(?!\s*\??\.)`,
  ),
}

/** Without comments and without what stands in quotes. */
function codeOf(file: string): string {
  return readFileSync(`${folder}/${file}`, 'utf8')
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/'(\\.|[^'\\\n])*'/g, "''")
    .replace(/\/\/.*/g, '')
}

const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
  file.endsWith('.ts'),
)

it.each(Object.entries(reads))('no file reads %s past the reader', (_, read) => {
  const found = files
    .filter((file) => !isExcepted(file))
    .flatMap((file) => {
      const line = codeOf(file)
        .split('\n')
        .find((one) => read.test(one))
      return line ? [`${file}: ${line.trim()}`] : []
    })

  expect(found).toEqual([])
})

it.each([
  ['a member of document', 'const a = document.title'],
  ['a member of document', 'const { title } = document'],
  ['a member of document', "document?.['title']"],
  ['a global by name', 'Reflect.get(globalThis, key)'],
  ['a global by name', "'jQuery' in window"],
  ['a global that may be missing', 'globalThis.cookieStore'],
  ['a global that may be missing', 'const { trustedTypes } = globalThis'],
  ['a global that may be missing', 'const { trustedTypes }: { trustedTypes?: unknown } = globalThis'],
])('%s is found in %j', (kind, line) => {
  expect(reads[kind]?.test(line)).toBe(true)
})
