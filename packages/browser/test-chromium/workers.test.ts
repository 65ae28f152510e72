/** The library in workers, which have no document, no localStorage and no cookies. */
import { expect, it } from 'vitest'
import type { Order } from './support/order'
import { startScene } from './support/start-scene'

// Each runs on the page and answers when its worker is done.
const workers: [kind: string, send: (order: Order) => Promise<void>][] = [
  [
    'a dedicated worker',
    (order) =>
      new Promise((resolve, reject) => {
        const worker = new Worker('/scripts/worker.js', { type: 'module' })
        worker.addEventListener('message', () => resolve())
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
        worker.port.addEventListener('message', () => resolve())
        worker.port.start()
        worker.port.postMessage(order)
      }),
  ],
  [
    'a service worker',
    async (order) => {
      await navigator.serviceWorker.register('/scripts/service-worker.js', { type: 'module', scope: '/' })
      const { active } = await navigator.serviceWorker.ready
      const { port1, port2 } = new MessageChannel()
      const done = new Promise<void>((resolve) => {
        port1.addEventListener('message', () => resolve())
      })
      port1.start()
      active?.postMessage(order, [port2])
      await done
    },
  ],
]

it.each(workers)('delivers what is tracked in %s', async (_kind, send) => {
  const scene = await startScene()
  const page = await scene.browser.context.newPage()
  await page.goto(`${scene.site.url}/one?closed`)

  await page.evaluate(send, { ...scene.config, track: 'In A Worker' })

  const [event] = await scene.api.waitFor({ event: 'In A Worker' })
  expect(event?.anonymousId).toMatch(/^[\da-f-]{36}$/)
  expect(await scene.api.counts()).toMatchObject({ accepted: 1, duplicates: 0 })
})
