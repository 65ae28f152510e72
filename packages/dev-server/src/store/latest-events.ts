import { columns, fromRow } from './event-row'
import type { Database } from './open-database'
import type { StoredEvent } from './stored-event'

const most = 500
const mostChars = 4_000_000
const pageRows = 20

/** Reads the latest events of any kind, the last one first, up to a size that is quickly looked through. */
export function readLatest(database: Database): StoredEvent[] {
  const page = database
    .prepare(`select seq, ${columns} from events where seq < ? order by seq desc limit ${pageRows}`)
    .raw()
  const events: StoredEvent[] = []
  let chars = 0
  while (events.length < most && chars < mostChars) {
    const rows = page.all(events.at(-1)?.seq ?? Number.MAX_SAFE_INTEGER) as unknown[][]
    for (const row of rows) events.push(fromRow(row))
    for (const { json } of events.slice(-rows.length)) chars += json.length
    if (rows.length < pageRows) break
  }
  return events
}
