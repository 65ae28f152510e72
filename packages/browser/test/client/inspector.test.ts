import { describe, expect, it, vi } from 'vitest'
import type { Analytics } from '../../src/analytics'
import { startServer } from './support/fake-server'
import { consoleErrors, load, settled, useFreshPages } from './support/start-page'

useFreshPages()

describe('the extension that inspects events', () => {
  it('gets each client, before its first event', async () => {
    startServer()
    const heard: string[] = []
    const attach = vi.fn((client: Analytics) =>
      client.on('dispatch_start', ({ event }) => heard.push(String(event.event))),
    )
    vi.stubGlobal('__SEGMENT_INSPECTOR__', { attach })
    const analytics = load()
    analytics.track('First')
    const [client] = await analytics
    await settled()

    expect(attach.mock.calls).toEqual([[client]])
    expect(heard).toEqual(['First'])
  })

  it('finds an object to add itself to when it comes later', async () => {
    startServer()
    vi.stubGlobal('__SEGMENT_INSPECTOR__', undefined)
    await load()

    expect(Reflect.get(globalThis, '__SEGMENT_INSPECTOR__')).toEqual({})
  })

  it('harms nobody when it throws', async () => {
    const server = startServer()
    const errors = consoleErrors()
    const fault = new Error('Out of order')
    vi.stubGlobal('__SEGMENT_INSPECTOR__', {
      attach() {
        throw fault
      },
    })
    load().track('First')
    await settled()

    expect(server.names).toEqual(['First'])
    expect(errors).toEqual([['The inspector failed', fault]])
  })
})
