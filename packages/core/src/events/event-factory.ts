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
  declare private readonly settings: EventFactorySettings

  constructor(settings: EventFactorySettings) {
    this.settings = settings
  }

  track(
    event: string,
    properties?: EventProperties,
    options?: CoreOptions,
    globalIntegrations?: IntegrationsOptions,
  ): CoreSegmentEvent {
    return this.called(
      { event, type: 'track', properties: copyFields(properties) },
      options,
      globalIntegrations,
    )
  }

  page(
    category: string | null,
    name: string | null,
    properties?: EventProperties,
    options?: CoreOptions,
    globalIntegrations?: IntegrationsOptions,
  ): CoreSegmentEvent {
    return this.called(viewFields('page', category, name, properties), options, globalIntegrations)
  }

  screen(
    category: string | null,
    name: string | null,
    properties?: EventProperties,
    options?: CoreOptions,
    globalIntegrations?: IntegrationsOptions,
  ): CoreSegmentEvent {
    return this.called(viewFields('screen', category, name, properties), options, globalIntegrations)
  }

  identify(
    userId: ID,
    traits?: UserTraits,
    options?: CoreOptions,
    globalIntegrations?: IntegrationsOptions,
  ): CoreSegmentEvent {
    return this.called({ type: 'identify', userId, traits: copyFields(traits) }, options, globalIntegrations)
  }

  group(
    groupId: ID,
    traits?: GroupTraits,
    options?: CoreOptions,
    globalIntegrations?: IntegrationsOptions,
  ): CoreSegmentEvent {
    return this.called({ type: 'group', traits: copyFields(traits), groupId }, options, globalIntegrations)
  }

  alias(
    to: ID,
    from: string | null,
    options?: CoreOptions,
    globalIntegrations?: IntegrationsOptions,
  ): CoreSegmentEvent {
    const fields: CoreSegmentEvent = { userId: to, type: 'alias' }
    if (from !== null) fields.previousId = from
    return this.called(fields, options, globalIntegrations)
  }

  /** An event whose options are still in it, as its `options`. */
  protected normalize({ options, integrations, ...fields }: CoreSegmentEvent): CoreSegmentEvent {
    return this.build(fields, options, integrations)
  }

  private called(
    fields: CoreSegmentEvent,
    options?: CoreOptions,
    integrations?: IntegrationsOptions,
  ): CoreSegmentEvent {
    this.settings.onEventMethodCall?.({ type: fields.type, ...(options && { options }) })
    return this.build(fields, options, integrations)
  }

  /** Puts the options where they belong: ids and time on the event, everything else into its context. */
  private build(
    fields: CoreSegmentEvent,
    options: CoreOptions = {},
    integrations?: IntegrationsOptions,
  ): CoreSegmentEvent {
    const { timestamp, messageId } = options
    const given = copyFields(options.context)
    const context = isPlainObject(given) ? given : {}
    const event: CoreSegmentEvent = {
      timestamp: timestamp === undefined ? new Date() : copyData(timestamp),
      integrations: chosenIntegrations(integrations, options.integrations),
      ...fields,
      context,
    }
    for (const key of Object.keys(options)) {
      const value: unknown = options[key]
      if (value === undefined || ownField.has(key)) continue
      if (key === 'userId' || key === 'anonymousId') event[key] = value as ID
      else dset(context, key, copyData(value))
    }
    event.messageId = messageId || this.settings.createMessageId()
    this.settings.onFinishedEvent?.(event)
    validateEvent(event)
    return event
  }
}

/** Fields that have a JSON of their own which is no object stay what they are: that is what is sent, as the JSON of them. */
function copyFields<T extends object>(fields: T | null | undefined): T | Record<string, never> {
  const copy = copyData(fields ?? {})
  return isPlainObject(fields) && !isPlainObject(copy) ? fields : copy
}

function viewFields(
  type: 'page' | 'screen',
  category: string | null,
  name: string | null,
  properties?: EventProperties,
): CoreSegmentEvent {
  const copy = copyFields(properties)
  const fields: CoreSegmentEvent = { type, properties: copy }
  if (exists(category)) {
    fields.category = category
    if (type === 'page' && isPlainObject(copy)) copy.category = category
  }
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
  for (const [name, choice] of Object.entries(ofClient ?? {})) chosen[name] = Boolean(choice)
  return isPlainObject(ofCall) ? { ...chosen, ...copyData(ofCall) } : chosen
}
