import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import Libsql from 'libsql'
import { DevServerError } from '../dev-server-error'
import { schema } from './schema'
import { describeStoreFailure } from './store-failure'

export type Database = Libsql.Database

/** Opens the store's file, or a store in memory when `path` is `undefined`. */
export function openDatabase(path: string | undefined): Database {
  try {
    if (path !== undefined) prepareFolder(dirname(resolve(path)))
    const database = new Libsql(path === undefined ? ':memory:' : resolve(path))
    // Nobody else has to wait yet, so the driver may.
    database.pragma('busy_timeout = 1000')
    database.pragma('journal_mode = WAL')
    // With the write-ahead log a commit outlives the process even at NORMAL; FULL makes it outlive the power too,
    // and costs little because commits are grouped.
    database.pragma('synchronous = FULL')
    database.exec(schema)
    // From here on a lock is waited for in between other work (`when-free.ts`), not inside the driver.
    database.pragma('busy_timeout = 0')
    return database
  } catch (cause) {
    const reason = describeStoreFailure(cause)
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
