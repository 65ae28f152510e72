import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import Libsql from 'libsql'
import { DevServerError } from '../dev-server-error'
import { schema } from './schema'

export type Database = Libsql.Database

/** Opens the store's file, or a store in memory when `path` is `undefined`. */
export function openDatabase(path: string | undefined): Database {
  try {
    if (path !== undefined) prepareFolder(dirname(resolve(path)))
    const database = new Libsql(path === undefined ? ':memory:' : resolve(path))
    database.pragma('journal_mode = WAL')
    // With the write-ahead log a commit outlives the process even at NORMAL; FULL makes it outlive the power too,
    // and costs little because commits are grouped.
    database.pragma('synchronous = FULL')
    database.pragma('busy_timeout = 1000')
    database.exec(schema)
    return database
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new DevServerError(
      'store_not_usable',
      `The store ${path ?? 'in memory'} cannot be used: ${reason}`,
      { path },
      cause,
    )
  }
}

// The default folder sits in people's projects; a store does not belong in their history.
function prepareFolder(folder: string): void {
  if (existsSync(folder)) return
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, '.gitignore'), '*\n')
}
