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
    return this.normalize({
      integrations: { ...globalIntegrations },
      event,
      type: 'track',
      properties: copyData(properties ?? {}),
      options: { ...options },
    })
  }

  page(
    category: string | null,
    name: string | null,
    properties?: EventProperties,
    options?: CoreOptions,
    globalIntegrations?: IntegrationsOptions,
  ): CoreSegmentEvent {
    this.tellCall('page', options)
    const page = this.view('page', category, name, properties, options, globalIntegrations)
    if (exists(category) && isPlainObject(page.properties)) page.properties.category = category
    return this.normalize(page)
  }

  screen(
    category: string | null,
    name: string | null,
    properties?: EventProperties,
    options?: CoreOptions,
    globalIntegrations?: IntegrationsOptions,
  ): CoreSegmentEvent {
    this.tellCall('screen', options)
    return this.normalize(this.view('screen', category, name, properties, options, globalIntegrations))
  }

  identify(
    userId: ID,
    traits?: UserTraits,
    options?: CoreOptions,
    globalIntegrations?: IntegrationsOptions,
  ): CoreSegmentEvent {
    this.tellCall('identify', options)
    return this.normalize({
      integrations: { ...globalIntegrations },
      type: 'identify',
      userId,
      traits: copyData(traits ?? {}),
      options: { ...options },
    })
  }

  group(
    groupId: ID,
    traits?: GroupTraits,
    options?: CoreOptions,
    globalIntegrations?: IntegrationsOptions,
  ): CoreSegmentEvent {
    this.tellCall('group', options)
    return this.normalize({
      integrations: { ...globalIntegrations },
      type: 'group',
      traits: copyData(traits ?? {}),
      options: { ...options },
      groupId,
    })
  }

  alias(
    to: ID,
    from: string | null,
    options?: CoreOptions,
    globalIntegrations?: IntegrationsOptions,
  ): CoreSegmentEvent {
    this.tellCall('alias', options)
    const alias: CoreSegmentEvent = {
      integrations: { ...globalIntegrations },
      userId: to,
      type: 'alias',
      options: { ...options },
    }
    if (from !== null) alias.previousId = from
    return this.normalize(alias)
  }

  private tellCall(type: SegmentEventType, options: CoreOptions | undefined): void {
    this.onEventMethodCall?.(options ? { type, options } : { type })
  }

  private view(
    type: 'page' | 'screen',
    category: string | null,
    name: string | null,
    properties?: EventProperties,
    options?: CoreOptions,
    globalIntegrations?: IntegrationsOptions,
  ): CoreSegmentEvent {
    const view: CoreSegmentEvent = {
      integrations: { ...globalIntegrations },
      type,
      properties: copyData(properties ?? {}),
      options: { ...options },
    }
    if (exists(category)) view.category = category
    if (exists(name)) view.name = name
    return view
  }

  /** Puts the options where they belong: ids and time on the event, everything else into its context. */
  private normalize({ options = {}, integrations, ...fields }: CoreSegmentEvent): CoreSegmentEvent {
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

/** Options that `normalize` puts in place itself. */
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
