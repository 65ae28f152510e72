/** Visitors and pages that deny the library a place to keep anything. */
import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import {
  names,
  type Scene,
  type SceneOptions,
  startScene,
  track,
  trackAndLeave,
  untilLoaded,
} from './support/start-scene'

/** As with “block all cookies”: touching localStorage throws, too. */
const blockedByVisitor = { profile: { default_content_setting_values: { cookies: 2 } } }

interface Denial extends SceneOptions {
  what: string
  prepare?(page: Page): Promise<unknown>
}

/** Errors that nobody caught on the scene's pages, from now on. */
function errorsOn(scene: Scene): string[] {
  const errors: string[] = []
  scene.browser.context.on('weberror', (error) => errors.push(error.error().message))
  return errors
}

const denials: Denial[] = [
  { what: 'the visitor blocks all cookies', preferences: blockedByVisitor },
  {
    what: 'reading window.localStorage throws',
    prepare: (page) =>
      page.addInitScript(() => {
        Object.defineProperty(window, 'localStorage', {
          get() {
            throw new DOMException('denied', 'SecurityError')
          },
        })
      }),
  },
  {
    what: 'storage is full',
    prepare: (page) =>
      page.addInitScript(() => {
        for (let size = 4 * 1024 * 1024; size >= 1; size /= 2) {
          try {
            for (let count = 0; ; count++) localStorage.setItem(`${size}:${count}`, 'x'.repeat(size))
          } catch {
            // Full for this size.
          }
        }
      }),
  },
]

describe.each(denials)('given that $what', ({ prepare, ...options }) => {
  it('delivers what is tracked, under one anonymous id', async () => {
    const scene = await startScene(options)
    const errors = errorsOn(scene)
    const page = await scene.open('/one', prepare)
    const events = names(5)

    await track(page, events)

    await scene.expectEachOnce(page, events)
    const ids = (await scene.api.events()).map(({ anonymousId }) => anonymousId)
    expect(new Set(ids).size).toBe(1)
    expect(ids[0]).toMatch(/^[\da-f-]{36}$/)
    expect(errors).toEqual([])
  })

  it('has sent it also when the page is left at once', async () => {
    const scene = await startScene(options)
    await scene.api.faults({ kind: 'latency', ms: 200 })
    const page = await scene.open('/one', prepare)
    await untilLoaded(page)
    const events = names(5)

    await trackAndLeave(page, events, '/two')

    // No page can take over what was not kept.
    const arrived = await scene.api.waitFor({ type: 'track' }, { count: events.length })
    expect(arrived.map(({ event }) => event).sort()).toEqual(events)
  })
})

it('delivers from a sandboxed frame, which has no origin and so no storage', async () => {
  const scene = await startScene()
  const errors = errorsOn(scene)

  await scene.open('/framed?track=Framed')

  await scene.api.waitFor({ event: 'Framed' })
  expect(await scene.api.counts()).toMatchObject({ accepted: 1, duplicates: 0 })
  expect(errors).toEqual([])
})
