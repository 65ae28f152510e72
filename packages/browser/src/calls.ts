import type { Callback } from '@sluice/core'
import type { Anything } from '@sluice/core/internal'
import type { Context } from './context'
import { resolveAliasArguments } from './events/alias-arguments'
import { resolvePageArguments } from './events/page-arguments'
import { resolveArguments } from './events/track-arguments'
import { resolveUserArguments } from './events/user-arguments'
import type { Group } from './identity/group'
import type { User } from './identity/user'
import type { IntegrationsInitOptions } from './options'
import { splitPageContext } from './page/buffered-page-context'
import { createPageContext } from './page/page-context'
import type { PageEventFactory } from './page-event-factory'
import type { Options, SegmentEvent } from './segment-event'
import { withOneReading } from './storage/cookie-text'

/** The six calls that tell of something that happened. */
export type CallType = SegmentEvent['type']

/** A call that was accepted: its event, who wants to hear of its end, and what listeners of its kind are told then. */
export interface AcceptedCall {
  readonly event: SegmentEvent
  readonly callback: Callback<Context> | undefined
  told(event: SegmentEvent): unknown[]
}

export interface CallPorts {
  readonly user: User
  readonly group: Group
  readonly factory: PageEventFactory
  /** Of this moment: an application may assign others. */
  integrations(): IntegrationsInitOptions
}

/** Turns the arguments of a call into its event, now: who the visitor is and where it happened are those of the call. */
export type AcceptCall = (type: CallType, args: unknown[], at?: Date) => AcceptedCall

export function createCalls(ports: CallPorts): AcceptCall {
  return (type, args, at) => {
    const [given, page] = splitPageContext(args)
    ports.factory.currentPage = page && createPageContext(page)
    const [call, { timestamp }] = withOneReading(() => build(type, given, ports), true)
    if (at && timestamp === undefined) call.event.timestamp = at
    return call
  }
}

// The resolvers take whatever somebody may have written, and throw for what nobody could mean.
function build(type: CallType, args: Anything[], ports: CallPorts): [AcceptedCall, Options] {
  const { factory } = ports
  const integrations = ports.integrations()
  switch (type) {
    case 'track': {
      const [name, properties, options, callback] = resolveArguments<Context>(args[0], ...args.slice(1))
      const event = factory.track(name, properties, options, integrations)
      return [{ event, callback, told: (sent) => [name, sent.properties] }, options]
    }
    case 'page':
    case 'screen': {
      const [category, name, properties, options, callback] = resolvePageArguments<Context>(...args)
      const event = factory[type](category, name, properties, options, integrations)
      return [{ event, callback, told: (sent) => [category, name, sent.properties] }, options]
    }
    case 'alias': {
      const [to, from, options, callback] = resolveAliasArguments<Context>(...args)
      const event = factory.alias(to, from, options, integrations)
      return [{ event, callback, told: () => [to, from] }, options]
    }
    case 'identify':
    case 'group': {
      const who = type === 'group' ? ports.group : ports.user
      const [id, traits, options, callback] = resolveUserArguments<Context>(who)(...args)
      who.identify(id, traits)
      const event = factory[type](who.id(), who.traits(), options, integrations)
      const told = (sent: SegmentEvent) => [type === 'group' ? sent.groupId : sent.userId, sent.traits]
      return [{ event, callback, told }, options]
    }
  }
}
