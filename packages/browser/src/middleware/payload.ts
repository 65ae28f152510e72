import { copyData, hostClock } from '@sluice/core/internal'
import type { SegmentEvent } from '../segment-event'
import { findValue } from './find-value'
import type { MiddlewarePayload } from './types'

/** What a middleware sees of an event. What the methods answer are copies: changes are made in `obj`. */
export function createPayload(event: SegmentEvent): MiddlewarePayload {
  const find = (path: string) => copyData(findValue(payload.obj, path))
  const text = (path: string): string | undefined => {
    const value = findValue(payload.obj, path)
    return typeof value === 'string' ? value : undefined
  }
  const trimmed = (path: string) => text(path)?.trim()
  const isOf = (...types: SegmentEvent['type'][]) => types.includes(payload.obj.type)
  const trait = (name: string) => `${isOf('identify', 'group') ? 'traits' : 'context.traits'}.${name}`
  /** What pages tell beside their properties, and events in them. */
  const told = (name: string) => find(isOf('page', 'screen') ? name : `properties.${name}`)

  const lookUp = (path: string) => {
    const { obj } = payload
    const properties = isOf('identify', 'alias') ? obj.properties : payload.properties()
    return copyData(findValue({ ...obj, properties, traits: payload.traits() }, path))
  }

  const payload: MiddlewarePayload = {
    obj: event,
    json: () => copyData(payload.obj),
    field: lookUp,
    proxy: lookUp,

    type: () => payload.obj.type,
    messageId: () => payload.obj.messageId,
    userId: () => payload.obj.userId,
    anonymousId: () => payload.obj.anonymousId,
    groupId: () => (isOf('group') ? payload.obj.groupId : text('context.groupId')),
    previousId: () => payload.obj.previousId,
    timestamp: () => new Date(payload.obj.timestamp ?? hostClock.now()),
    context: () => copyData(payload.obj.context ?? {}),
    integrations: () => copyData(payload.obj.integrations ?? {}),

    traits() {
      const { userId, groupId, traits, context } = payload.obj
      const id = isOf('group') ? groupId : userId
      const known = isOf('identify', 'group') ? traits : context?.traits
      return { ...copyData(known), ...(id && { id }) }
    },
    email() {
      const { userId, groupId } = payload.obj
      const id = isOf('group') ? groupId : userId
      return (
        text(trait('email')) ||
        (!isOf('identify') && text('properties.email')) ||
        (id && /.@.+\../.test(id) ? id : undefined)
      )
    },
    name() {
      if (!isOf('identify')) return isOf('group') ? find('traits.name') : told('name')
      const [first, last] = [trimmed('traits.firstName'), trimmed('traits.lastName')]
      return trimmed('traits.name') ?? (first && last ? `${first} ${last}` : undefined)
    },
    firstName: () => trimmed(trait('firstName')) ?? trimmed(trait('name'))?.split(' ')[0],
    lastName: () =>
      trimmed(trait('lastName')) ?? (trimmed(trait('name'))?.replace(/^\S* */, '') || undefined),

    event() {
      if (isOf('page')) return 'Loaded a Page'
      return isOf('screen') ? 'Loaded a Screen' : payload.obj.event
    },
    properties() {
      const { properties, traits, category, name } = payload.obj
      if (isOf('group')) return { ...copyData(traits) }
      const ofPage = isOf('page', 'screen') && { ...(category && { category }), ...(name && { name }) }
      return { ...copyData(properties), ...ofPage }
    },
    category: () => told('category'),
    revenue() {
      const given = find('properties.revenue') || (isOrder(payload.obj.event) && find('properties.total'))
      return typeof given === 'number' ? given || undefined : numberIn(given)
    },
    currency: () => find('properties.currency') || 'USD',
    total: () => find('properties.total'),
    value: () => find('properties.value'),
    products() {
      const products = find('properties.products')
      return Array.isArray(products) ? products.filter((product) => product !== null) : []
    },
    url: () => find('properties.url'),
    path: () => find('properties.path'),
    title: () => find('properties.title'),
    referrer: () => find('context.page.referrer') || find('properties.referrer'),
  }
  return payload
}

function isOrder(name: string | undefined): boolean {
  return /^order[ _]?completed$|^completed[ _]?order/i.test(name ?? '')
}

/** The number that a text begins with, after the sign of its currency. */
function numberIn(text: unknown): number | undefined {
  const number = typeof text === 'string' ? Number.parseFloat(text.replaceAll('$', '')) : Number.NaN
  return Number.isNaN(number) ? undefined : number
}
