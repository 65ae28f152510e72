import { dset } from 'dset'
import { exists, isPlainObject } from '../flow/type-guards'
import { copyData } from './copy-data'
import type { GroupTraits, UserTraits } from './traits'
import type {
  CoreOptions,
  CoreSegmentEvent,
  EventProperties,
  ID,
  IntegrationsOptions,
  SegmentEventType,
} from './types'
import { validateEvent } from './validate-event'

/** What a platform does when one of the six methods is called, before the event is built. */
export type EventMethodCallHook = (call: { type: SegmentEventType; options?: CoreOptions }) => void

/** What a platform does with a built event before it is validated; it may change the event or throw. */
export type EventHook = (event: CoreSegmentEvent) => void

export interface EventFactorySettings {
  createMessageId: () => string
  onEventMethodCall?: EventMethodCallHook | undefined
  onFinishedEvent?: EventHook | undefined
}

/**
 * Builds events from the arguments of the six methods, synchronously: what the caller handed in is copied, so that
 * nothing it does to it later changes the event. Throws a `ValidationError` for an event that cannot be accepted.
 */
export abstract class CoreEventFactory {
  private readonly createMessageId: () => string
  private readonly onEventMethodCall: EventMethodCallHook | undefined
  private readonly onFinishedEvent: EventHook | undefined

  constructor(settings: EventFactorySettings) {
    this.createMessageId = settings.createMessageId
    this.onEventMethodCall = settings.onEventMethodCall
    this.onFinishedEvent = settings.onFinishedEvent
  }

  track(
    event: string,
    properties?: EventProperties,
    options?: CoreOptions,
    globalIntegrations?: IntegrationsOptions,
  ): CoreSegmentEvent {
    this.tellCall('track', options)
    const fields = { event, type: 'track', properties: copyData(properties ?? {}) } as const
    return this.build(fields, options, globalIntegrations)
  }

  page(
    category: string | null,
    name: string | null,
    properties?: EventProperties,
    options?: CoreOptions,
    globalIntegrations?: IntegrationsOptions,
  ): CoreSegmentEvent {
    this.tellCall('page', options)
    const page = viewFields('page', category, name, properties)
    if (exists(category) && isPlainObject(page.properties)) page.properties.category = category
    return this.build(page, options, globalIntegrations)
  }

  screen(
    category: string | null,
    name: string | null,
    properties?: EventProperties,
    options?: CoreOptions,
    globalIntegrations?: IntegrationsOptions,
  ): CoreSegmentEvent {
    this.tellCall('screen', options)
    return this.build(viewFields('screen', category, name, properties), options, globalIntegrations)
  }

  identify(
    userId: ID,
    traits?: UserTraits,
    options?: CoreOptions,
    globalIntegrations?: IntegrationsOptions,
  ): CoreSegmentEvent {
    this.tellCall('identify', options)
    const fields = { type: 'identify', userId, traits: copyData(traits ?? {}) } as const
    return this.build(fields, options, globalIntegrations)
  }

  group(
    groupId: ID,
    traits?: GroupTraits,
    options?: CoreOptions,
    globalIntegrations?: IntegrationsOptions,
  ): CoreSegmentEvent {
    this.tellCall('group', options)
    const fields = { type: 'group', traits: copyData(traits ?? {}), groupId } as const
    return this.build(fields, options, globalIntegrations)
  }

  alias(
    to: ID,
    from: string | null,
    options?: CoreOptions,
    globalIntegrations?: IntegrationsOptions,
  ): CoreSegmentEvent {
    this.tellCall('alias', options)
    const fields: CoreSegmentEvent = { userId: to, type: 'alias' }
    if (from !== null) fields.previousId = from
    return this.build(fields, options, globalIntegrations)
  }

  private tellCall(type: SegmentEventType, options: CoreOptions | undefined): void {
    this.onEventMethodCall?.(options ? { type, options } : { type })
  }

  /** An event whose options are still in it, as its `options`. */
  protected normalize({ options, integrations, ...fields }: CoreSegmentEvent): CoreSegmentEvent {
    return this.build(fields, options, integrations)
  }

  /** Puts the options where they belong: ids and time on the event, everything else into its context. */
  private build(
    fields: CoreSegmentEvent,
    options: CoreOptions = {},
    integrations?: IntegrationsOptions,
  ): CoreSegmentEvent {
    const event: CoreSegmentEvent = {
      timestamp: options.timestamp === undefined ? new Date() : copyData(options.timestamp),
      integrations: chosenIntegrations(integrations, options.integrations),
      ...fields,
      context: copyData(options.context ?? {}),
    }
    const context = event.context ?? {}
    for (const key of Object.keys(options)) {
      const value: unknown = options[key]
      if (value === undefined || ownField.has(key)) continue
      if (key === 'userId' || key === 'anonymousId') event[key] = value as ID
      else dset(context, key, copyData(value))
    }
    event.messageId = options.messageId || this.createMessageId()
    this.onFinishedEvent?.(event)
    validateEvent(event)
    return event
  }
}

function viewFields(
  type: 'page' | 'screen',
  category: string | null,
  name: string | null,
  properties?: EventProperties,
): CoreSegmentEvent {
  const fields: CoreSegmentEvent = { type, properties: copyData(properties ?? {}) }
  if (exists(category)) fields.category = category
  if (exists(name)) fields.name = name
  return fields
}

/** Options that have a place of their own. */
const ownField = new Set(['timestamp', 'integrations', 'context', 'messageId'])

/**
 * The switches of the client, as booleans: its settings for a destination are nobody else's business.
 * Over them, as they are, those of the call.
 */
function chosenIntegrations(
  ofClient?: IntegrationsOptions,
  ofCall?: IntegrationsOptions,
): IntegrationsOptions {
  const chosen: IntegrationsOptions = {}
  for (const name in ofClient) chosen[name] = Boolean(ofClient[name])
  return ofCall ? { ...chosen, ...copyData(ofCall) } : chosen
}
