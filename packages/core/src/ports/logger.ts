export type LogLevel = 'debug' | 'info' | 'warn' | 'error'

/** Takes what the engine has to say about one event. */
export interface GenericLogger {
  /** `extras` may be a function, for what is costly to make: it is called when somebody reads the log. */
  log(level: LogLevel, message: string, extras?: object | (() => object)): void
  flush(): void
  readonly logs: LogMessage[]
}

export interface LogMessage {
  level: LogLevel
  message: string
  time?: Date
  extras?: Record<string, unknown>
}
