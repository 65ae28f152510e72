/** The library in workers, which have no document, no localStorage and no cookies. */
import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import type { Order } from './support/order'
import { startScene } from './support/start-scene'

// Each runs on the page, and answers what went wrong once its worker is done.
const workers: [kind: string, send: (order: Order) => Promise<unknown>][] = [
  [
    'a dedicated worker',
    (order) =>
      new Promise((resolve, reject) => {
        const worker = new Worker('/scripts/worker.js', { type: 'module' })
        worker.addEventListener('message', ({ data }) => resolve(data))
        worker.addEventListener('error', ({ message }) => reject(new Error(message)))
        worker.postMessage(order)
      }),
  ],
  [
    'a shared worker',
    (order) =>
      new Promise((resolve, reject) => {
        const worker = new SharedWorker('/scripts/shared-worker.js', { type: 'module' })
        worker.addEventListener('error', () => reject(new Error('The worker has not started')))
        worker.port.addEventListener('message', ({ data }) => resolve(data))
        worker.port.start()
        worker.port.postMessage(order)
      }),
  ],
]

it.each(workers)('delivers what is tracked in %s', async (_kind, send) => {
  await expectDelivery((page, order) => page.evaluate(send, order))
})

// Service workers may not import anything later: browsers refuse `import()` there.
it('delivers what is tracked in a service worker that was bundled into one file', async () => {
  const script = '/scripts/one-file/service-worker.js'
  await expectDelivery(async (page, order) => {
    await page.evaluate(
      (script) => navigator.serviceWorker.register(script, { type: 'module', scope: '/' }).then(() => {}),
      script,
    )
    return page.evaluate(async (order) => {
      const { active } = await navigator.serviceWorker.ready
      const { port1, port2 } = new MessageChannel()
      const answer = new Promise<unknown>((resolve) => {
        port1.addEventListener('message', ({ data }) => resolve(data))
      })
      port1.start()
      active?.postMessage(order, [port2])
      return answer
    }, order)
  })
})

/** A worker that the page sends the order to answers nothing amiss, and the event arrives. */
async function expectDelivery(send: (page: Page, order: Order) => Promise<unknown>): Promise<void> {
  const scene = await startScene()
  const page = await scene.open('/one?closed')

  expect(await send(page, { ...scene.config, track: 'In A Worker' })).toBeUndefined()

  const [event] = await scene.api.waitFor({ event: 'In A Worker' })
  expect(event?.anonymousId).toMatch(/^[\da-f-]{36}$/)
  expect(await scene.api.counts()).toMatchObject({ accepted: 1, duplicates: 0 })
}
