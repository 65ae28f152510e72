import { hostClock } from './host/clock'
import { host } from './host/globals'
import { printTable } from './host/print-table'
import type { GenericLogger, LogLevel, LogMessage } from './ports/logger'

/** Collects what is said about one event, to be read with `logs` or printed with `flush`. */
export class CoreLogger implements GenericLogger {
  // Four entries a line: every event has a logger, and hardly any is ever read.
  // A private name, so that a context can be cloned whatever was logged about it.
  #entries: unknown[] = []

  log(level: LogLevel, message: string, extras?: object | (() => object)): void {
    this.#entries.push(level, message, hostClock.now(), extras)
  }

  /** Everything that was logged since the last `flush`, the oldest first. */
  get logs(): LogMessage[] {
    const logs: LogMessage[] = []
    for (let index = 0; index < this.#entries.length; index += 4) {
      const [level, message, at, extras] = this.#entries.slice(index, index + 4) as Entry
      const details = (typeof extras === 'function' ? extras() : extras) as Record<string, unknown>
      logs.push({ level, message, time: new Date(at), extras: details })
    }
    return logs
  }

  /** Prints everything to the console, as a table if there is more than one line, and forgets it. */
  flush(): void {
    const { logs } = this
    this.#entries = []
    if (logs.length > 1) printTable(rowsOf(logs))
    else {
      for (const { level, message, extras } of logs) {
        host.console[level === 'warn' || level === 'error' ? level : 'log'](message, extras)
      }
    }
  }
}

function rowsOf(logs: LogMessage[]): object {
  const rows: Record<string, object> = {}
  for (const log of logs) {
    const time = log.time?.toISOString() ?? ''
    // Lines of the same millisecond would overwrite each other.
    rows[time in rows ? `${time}-${Math.random()}` : time] = { ...log, json: toJson(log.extras) }
  }
  return rows
}

// Errors of other libraries often hold their sockets, and these themselves.
function toJson(extras: unknown): string | undefined {
  try {
    return JSON.stringify(extras, null, ' ')
  } catch {
    return undefined
  }
}

type Entry = [level: LogLevel, message: string, at: number, extras: object | (() => object) | undefined]
