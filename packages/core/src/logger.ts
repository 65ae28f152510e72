import { host } from './host/globals'
import type { GenericLogger, LogLevel, LogMessage } from './ports/logger'

/** Collects what is said about one event, to be read with `logs` or printed with `flush`. */
export class CoreLogger implements GenericLogger {
  // Times become dates only for those who look: most events are never looked at.
  private records: { level: LogLevel; message: string; at: number; extras: object | undefined }[] = []

  log(level: LogLevel, message: string, extras?: object): void {
    this.records.push({ level, message, at: Date.now(), extras })
  }

  /** Everything that was logged since the last `flush`, the oldest first. */
  get logs(): LogMessage[] {
    return this.records.map(({ level, message, at, extras }) => ({
      level,
      message,
      time: new Date(at),
      extras: extras as Record<string, unknown>,
    }))
  }

  /** Prints everything to the console, as a table if there is more than one line, and forgets it. */
  flush(): void {
    const logs = this.logs
    this.records = []
    if (logs.length > 1) printTable(logs)
    else for (const { level, message, extras } of logs) printLine(level, message, extras)
  }
}

function printTable(logs: LogMessage[]): void {
  const rows: Record<string, object> = {}
  for (const log of logs) {
    const time = log.time?.toISOString() ?? ''
    // Lines of the same millisecond would overwrite each other.
    const key = time in rows ? `${time}-${Math.random()}` : time
    rows[key] = { ...log, json: JSON.stringify(log.extras, null, ' '), extras: log.extras }
  }
  if (host.console.table) host.console.table(rows)
  else host.console.log(rows)
}

function printLine(level: LogLevel, message: string, extras?: object): void {
  if (level === 'warn' || level === 'error') host.console[level](message, extras)
  else host.console.log(message, extras)
}
