import type { CoreSegmentEvent } from '@sluice/core'
import { describe, expect, it } from 'vitest'
import { addPageContext } from '../../src/page/add-page-context'

const page = { path: '/a', referrer: 'R', search: '?q', title: 'T', url: 'U' }

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) Object.values(Object.freeze(value)).forEach(deepFreeze)
  return value
}

/** The event with its page; what it shares with the caller is frozen, so that writing to it throws. */
function withPage(event: CoreSegmentEvent): CoreSegmentEvent {
  const own = { ...event }
  deepFreeze(event)
  addPageContext(own, page)
  return own
}

describe('an event that is not of type page', () => {
  it.each(['track', 'screen', 'identify', 'group', 'alias'] as const)(
    'tells its page in the context of %s',
    (type) => {
      const properties = { url: 'mine' }

      expect(withPage({ type, name: 'N', properties })).toEqual({
        type,
        name: 'N',
        properties,
        context: { page },
      })
    },
  )

  it('keeps what the caller said of the page', () => {
    const event = withPage({ type: 'track', context: { page: { url: 'mine', title: undefined }, ip: '::1' } })

    expect(event.context).toEqual({ page: { ...page, url: 'mine', title: undefined }, ip: '::1' })
  })
})

describe('an event of type page', () => {
  it('describes the page in its properties and in its context', () => {
    expect(withPage({ type: 'page' })).toEqual({ type: 'page', properties: page, context: { page } })
  })

  it('takes its name over into the properties', () => {
    expect(withPage({ type: 'page', name: 'N', properties: { name: 'other' } }).properties).toEqual({
      ...page,
      name: 'N',
    })
  })

  it('leaves the property `name` alone without one', () => {
    expect(withPage({ type: 'page', name: '', properties: { name: 'other' } }).properties).toEqual({
      ...page,
      name: 'other',
    })
  })

  it.each([['/mine'], [''], [null], [undefined]])('believes the property `path` that is %o', (path) => {
    const event = withPage({ type: 'page', properties: { path, colour: 'red' } })

    expect(event.properties).toStrictEqual({ ...page, path, colour: 'red' })
    expect(event.context?.page).toStrictEqual({ ...page, path })
  })

  it('believes its context more than its properties', () => {
    const event = withPage({
      type: 'page',
      properties: { path: '/mine' },
      context: { page: { path: '/over' } },
    })

    expect(event.properties).toEqual({ ...page, path: '/mine' })
    expect(event.context).toEqual({ page: { ...page, path: '/over' } })
  })
})

it('two events with the same options each tell their own page', () => {
  const context = { page: { referrer: 'mine' } }
  const first: CoreSegmentEvent = { type: 'track', context }
  const second: CoreSegmentEvent = { type: 'track', context }

  addPageContext(first, page)
  addPageContext(second, { ...page, url: 'next' })

  expect(first.context?.page).toEqual({ ...page, referrer: 'mine' })
  expect(second.context?.page).toEqual({ ...page, referrer: 'mine', url: 'next' })
  expect(context).toEqual({ page: { referrer: 'mine' } })
})

it('the page is the one shown unless another is given', () => {
  const event: CoreSegmentEvent = { type: 'track' }

  addPageContext(event)

  expect(event.context?.page?.url).toBe(location.href)
})
