import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type HeldScripts, holdScripts } from '../support/held-scripts'
import { withoutHead } from '../support/page-without-head'

const url = 'https://vendor.test/tool.js'

let scripts: HeldScripts

const onPage = () => scripts.all()

/** As on a page that has just been opened. */
async function open() {
  vi.resetModules()
  return {
    ...(await import('../../src/page-script/load-script')),
    ...(await import('../../src/page-script/own-script')),
  }
}

/** As in a browser, where the attribute is hidden and the property is not. */
function putPageScript(nonce: string) {
  document.head.innerHTML = '<script></script><script nonce></script>'
  Object.assign(document.querySelector('script[nonce]') ?? {}, { nonce })
}

beforeEach(() => {
  scripts = holdScripts()
})

afterEach(() => {
  vi.unstubAllGlobals()
  vi.restoreAllMocks()
  document.head.innerHTML = ''
})

describe('a script', () => {
  it('resolves with its element when it has run', async () => {
    const { loadScript } = await open()

    const loading = loadScript(url)
    expect(onPage().map(({ src, async }) => ({ src, async }))).toEqual([{ src: url, async: true }])
    scripts.fire('load')

    expect(await loading).toBe(onPage()[0])
  })

  it('is put on pages without a head, too', async () => {
    const { loadScript } = await open()
    const put = withoutHead(() => void loadScript(url))

    expect(put).toEqual([expect.any(HTMLScriptElement)])
  })

  it('is put on the page once, however often and from wherever it is asked for', async () => {
    const { loadScript } = await open()

    const loading = [loadScript(url), loadScript('https://vendor.test/./tool.js')]
    scripts.fire('load')
    loading.push(loadScript(url))

    expect(new Set(await Promise.all(loading)).size).toBe(1)
    expect(onPage()).toHaveLength(1)
  })

  it('leaves the page when it cannot be loaded, and everybody who waits hears of it', async () => {
    const { loadScript } = await open()

    const loading = [loadScript(url), loadScript(url)]
    scripts.fire('error')

    const reasons = await Promise.all(loading.map((one) => one.catch((reason: Error) => reason.message)))
    expect(reasons).toEqual(Array(2).fill(`The script ${url} could not be loaded`))
    expect(onPage()).toEqual([])
  })

  it('can be tried again after it could not be loaded', async () => {
    const { loadScript } = await open()
    const first = loadScript(url)
    scripts.fire('error')
    await expect(first).rejects.toThrow()

    const second = loadScript(url)
    scripts.fire('load')

    expect(await second).toBe(onPage()[0])
  })

  it('leaves the page when it is unloaded, and runs again when it is asked for again', async () => {
    const { loadScript, unloadScript } = await open()
    const first = loadScript(url)
    scripts.fire('load')
    const before = await first

    unloadScript(url)
    expect(onPage()).toEqual([])
    const second = loadScript(url)
    scripts.fire('load')

    expect(await second).not.toBe(before)
  })

  it('that fails after it was unloaded takes no later one with it', async () => {
    const { loadScript, unloadScript } = await open()
    const first = loadScript(url)
    const [element] = onPage()
    unloadScript(url)
    const second = loadScript(url)
    element?.dispatchEvent(new Event('error'))
    await expect(first).rejects.toThrow()
    scripts.fire('load')

    expect(await loadScript(url)).toBe(await second)
    expect(onPage()).toEqual([await second])
  })

  it.each(['data:text/javascript,alert(1)', 'javascript:alert(1)', 'blob:https://vendor.test/1'])(
    'never comes from %s',
    async (address) => {
      const { loadScript } = await open()

      await expect(loadScript(address)).rejects.toThrow('No address of a script')
      expect(onPage()).toEqual([])
    },
  )
})

describe('attributes', () => {
  it('are those that were asked for', async () => {
    const { loadScript } = await open()

    void loadScript(url, { integrity: 'sha384-x', attributes: { 'data-key': 'k' } })
    void loadScript('https://vendor.test/with-cookies.js', { crossOrigin: 'use-credentials' })

    expect(onPage().map((one) => [one.integrity, one.crossOrigin, one.getAttribute('data-key')])).toEqual([
      // Without it a browser cannot check the hash of what comes from elsewhere.
      ['sha384-x', 'anonymous', 'k'],
      ['', 'use-credentials', null],
    ])
  })
})

describe('the nonce of a script', () => {
  it('is the one of the library’s own script, where that is told', async () => {
    const { loadScript, ownScript } = await open()
    putPageScript('other')

    ownScript.nonce = 'own'
    void loadScript(url)

    expect(onPage()[0]?.getAttribute('nonce')).toBe('own')
  })

  it('is the one that the scripts of the page bear, where it is not', async () => {
    const { loadScript } = await open()
    putPageScript('abc')

    void loadScript(url)

    expect(onPage()[0]?.getAttribute('nonce')).toBe('abc')
  })

  it('is none on a page without', async () => {
    const { loadScript } = await open()

    void loadScript(url)

    expect(onPage()[0]?.hasAttribute('nonce')).toBe(false)
  })
})

describe('given Trusted Types', () => {
  it('makes its addresses with a policy of its own, once', async () => {
    const createPolicy = vi.fn((_name: string, rules: { createScriptURL(url: string): string }) => rules)
    vi.stubGlobal('trustedTypes', { createPolicy })
    const { loadScript } = await open()

    void loadScript(url)
    void loadScript('https://vendor.test/second.js')

    expect(createPolicy.mock.calls.map(([name]) => name)).toEqual(['sluice'])
    expect(onPage().map(({ src }) => src)).toEqual([url, 'https://vendor.test/second.js'])
  })

  it('leaves it to the policy of the page where its own is not allowed', async () => {
    vi.stubGlobal('trustedTypes', {
      createPolicy() {
        throw new TypeError('not allowed')
      },
    })
    const { loadScript } = await open()

    void loadScript(url)

    expect(onPage().map(({ src }) => src)).toEqual([url])
  })
})
