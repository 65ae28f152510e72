/** Scaleway's hook for React, which loads the client and hands it to components. */
import SegmentProvider, { type SegmentProviderProps, useSegment } from '@scaleway/use-segment'
import type { Analytics } from '@segment/analytics-next'
import { createElement, useEffect, useRef } from 'react'
import { createRoot } from 'react-dom/client'
import { offer } from './support/scenarios'

const events = {
  orderCompleted: (analytics?: Analytics, onError?: (error: Error) => Promise<void> | void) => {
    return async (total: number) => {
      try {
        await analytics?.track('Order Completed', { total })
      } catch (cause) {
        await onError?.(cause as Error)
      }
    }
  },
}

type Events = typeof events
type Props = Omit<SegmentProviderProps<Events>, 'events' | 'children'>

/** Signs a visitor in and sells them something, when the client is there. */
function Shop({ told }: { told(facts: object): void }) {
  const { analytics, events, isAnalyticsReady } = useSegment<Events>()
  const wasReadyAtFirst = useRef(isAnalyticsReady)
  useEffect(() => {
    if (!isAnalyticsReady) return
    const visit = async () => {
      await analytics?.page('Shop')
      await analytics?.identify('ada', { plan: 'pro' })
      await events.orderCompleted(9.5)
      told({ hasClient: analytics !== undefined, wasReadyAtFirst: wasReadyAtFirst.current })
    }
    void visit()
  }, [analytics, events, isAnalyticsReady, told])
  return null
}

/** Renders the shop inside of the provider; resolves with what it tells. */
function render(props: Props): Promise<unknown> {
  const main = document.querySelector('main')
  if (!main) throw new Error('The page has no main part')
  const errors: string[] = []
  return new Promise((resolve) => {
    const told = (facts: object) => resolve({ ...facts, errors })
    const onError = (error: Error) => void errors.push(error.message)
    const inside = { onError, ...props, events, children: createElement(Shop, { told }) }
    createRoot(main).render(createElement(SegmentProvider<Events>, inside))
  })
}

offer({
  'options that are there': ({ settings, options }) =>
    render({ settings, initOptions: options, areOptionsLoaded: true }),

  'children that wait': ({ settings, options }) =>
    render({ settings, initOptions: options, areOptionsLoaded: true, shouldRenderOnlyWhenReady: true }),

  'all but one destination': ({ settings, options }) =>
    render({
      settings,
      initOptions: { ...options, integrations: { All: true, Recorder: false } },
      areOptionsLoaded: true,
    }),

  'no destination': ({ settings, options }) =>
    render({ settings, initOptions: { ...options, integrations: { All: false } }, areOptionsLoaded: true }),

  'settings that cannot be had': ({ options }) =>
    render({
      settings: { writeKey: 'dev', cdnURL: 'http://127.0.0.1:9' },
      initOptions: options,
      areOptionsLoaded: true,
    }),
})
