// @vitest-environment node
import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { snippetModule, snippetModulePath } from '../../../../scripts/lib/snippet-module.mjs'
import { createSnippet, installSnippet } from '../../src/snippet'

describe('the text of the snippet', () => {
  it('is that of the function; otherwise run `node scripts/write-snippet.mjs`', async () => {
    expect(readFileSync(snippetModulePath, 'utf8')).toBe(await snippetModule())
  })

  it('is at most 0.9 KB, compressed', () => {
    const text = createSnippet({ writeKey: 'YOUR_WRITE_KEY_OF_32_CHARACTERS', host: 'cdn.example.com' })

    expect(gzipSync(text, { level: 9 }).length).toBeLessThanOrEqual(900)
  })
})

describe('on a server', () => {
  it('a snippet is installed on no page, and harms nothing', () => {
    expect(installSnippet({ writeKey: 'k', host: 'cdn.example.com' })).toBeUndefined()
  })
})
