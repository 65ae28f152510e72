export interface CancelationOptions {
  /** Whether the event may be tried again. @default true */
  retry?: boolean
  /** `middleware_cancellation` stops the event whatever kind of plugin threw it. @default 'plugin Error' */
  type?: string
  reason?: string
}

/**
 * Thrown by a plugin that wants an event to go no further. It is a decision, not a mistake: from a `before` or
 * `enrichment` plugin it drops the event, from a destination it skips that destination.
 */
export class ContextCancelation {
  declare retry: boolean
  declare type: string
  declare reason?: string
  /** Name of the plugin that dropped the event; set by the pipeline. */
  declare by?: string

  constructor({ retry = true, type = 'plugin Error', reason = '' }: CancelationOptions) {
    this.retry = retry
    this.type = type
    this.reason = reason
  }
}

/** Not by its class alone: an application may hold the library twice, once for `import` and once for `require`. */
export function isCancelation(reason: unknown): reason is ContextCancelation {
  const { retry, type } = (reason ?? {}) as { retry?: unknown; type?: unknown }
  return typeof retry === 'boolean' && typeof type === 'string' && !(reason instanceof Error)
}
