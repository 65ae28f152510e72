import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { runningScript, scriptThatLoads } from '../../src/standalone/own-script'

/** Puts scripts on the page that never run. */
function putDead(html: string): void {
  document.body.innerHTML = html
}

const lookingAlike = `
  <script type="text/plain" src="https://evil.test/sluice.min.js" data-write-key="evil"></script>
  <script type="x" data-global-segment-analytics-key="evil"></script>
  <script type="x" data-write-key="evil"></script>`

function script(attributes: object = {}): HTMLScriptElement {
  return Object.assign(document.createElement('script'), attributes)
}

/** What the page's document has by that name, whatever the element is that markup has put in its place. */
function running(element: unknown): void {
  vi.spyOn(Object.getPrototypeOf(document), 'currentScript', 'get').mockReturnValue(element)
}

beforeEach(() => {
  vi.useFakeTimers()
})

afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
  Reflect.deleteProperty(document, 'currentScript')
  document.body.innerHTML = ''
})

describe('the element of a classic script', () => {
  it('is the one that runs, whatever else is on the page', () => {
    const own = script()
    running(own)
    putDead(lookingAlike)

    expect(runningScript()).toBe(own)
  })

  it('is the one that runs, though an element has the name under which browsers tell it', () => {
    const own = script()
    running(own)
    Object.defineProperty(document, 'currentScript', {
      configurable: true,
      value: Object.assign(new Image(), { src: 'https://evil.test/x.png' }),
    })

    expect(runningScript()).toBe(own)
  })

  it('is none where none runs, whatever looks like it', () => {
    running(null)
    putDead(lookingAlike)

    expect(runningScript()).toBeUndefined()
  })

  it('is none where a script of a drawing runs', () => {
    running(document.createElementNS('http://www.w3.org/2000/svg', 'script'))

    expect(runningScript()).toBeUndefined()
  })
})

describe('the element of a module', () => {
  it('is the first module that has loaded since, whatever looks like it', async () => {
    putDead(lookingAlike)
    const own = script({ type: 'module' })
    const classic = script()
    const image = new Image()
    document.body.append(image, classic, own)

    const found = scriptThatLoads()
    for (const one of [image, classic, own]) one.dispatchEvent(new Event('load'))

    expect(await found).toBe(own)
  })

  it('is none where none tells at once that it has loaded', async () => {
    putDead(lookingAlike)
    const blocked = script({ type: 'module' })
    document.body.append(blocked)

    const found = scriptThatLoads()
    blocked.dispatchEvent(new Event('error'))
    vi.runAllTimers()
    blocked.dispatchEvent(new Event('load'))

    expect(await found).toBeUndefined()
  })
})
