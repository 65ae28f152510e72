import { afterEach, describe, expect, it, vi } from 'vitest'
import { ownScript } from '../../src/standalone/own-script'

const nameOf = (html: string): string | undefined => {
  document.body.innerHTML = html
  return ownScript()?.id
}

afterEach(() => {
  vi.restoreAllMocks()
  document.body.innerHTML = ''
})

describe('the element that the library came in', () => {
  it('is the one that runs, whatever else is on the page', () => {
    const own = Object.assign(document.createElement('script'), { id: 'own' })
    vi.spyOn(document, 'currentScript', 'get').mockReturnValue(own)

    expect(nameOf('<script type="text/plain" id="other" data-write-key="k1"></script>')).toBe('own')
  })

  it.each([
    ['that has the name of the file', '<script id="own" type="x" src="/assets/sluice.min.js?v=2"></script>'],
    ['that a snippet has put there', '<script id="own" data-global-segment-analytics-key="shop"></script>'],
    ['that has the write key', '<script id="own" data-write-key="k1"></script>'],
  ])('is the one %s, where none is seen to run', (_, html) => {
    expect(nameOf(`<script type="x" src="/app.js"></script>${html}`)).toBe('own')
  })

  it('is rather that with the name of the file than that of somebody else with a write key', () => {
    expect(
      nameOf(
        '<script id="other" data-write-key="k1"></script><script id="own" type="x" src="/sluice.min.js"></script>',
      ),
    ).toBe('own')
  })

  it('is none where nothing looks like it', () => {
    expect(nameOf('<script type="x" src="/app.js"></script>')).toBeUndefined()
  })
})
