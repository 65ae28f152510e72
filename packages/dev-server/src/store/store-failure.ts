import Libsql from 'libsql'

/** Says whether an error came from the store's file: a full disk, a lock, damage. */
export function isStoreFailure(cause: unknown): cause is InstanceType<typeof Libsql.SqliteError> {
  return cause instanceof Libsql.SqliteError
}

/** Says whether another process holds the store's lock, so that a later try may work. */
export function isBusy(cause: unknown): boolean {
  return isStoreFailure(cause) && /^SQLITE_(?:BUSY|LOCKED)/.test(cause.code)
}

/** Puts a failure into words, with what to do about it. */
export function describeStoreFailure(cause: unknown): string {
  const reason = cause instanceof Error ? cause.message : String(cause)
  const advice = isStoreFailure(cause) ? adviceFor(cause.code) : undefined
  return advice === undefined ? reason : `${reason}. ${advice}`
}

function adviceFor(code: string): string | undefined {
  if (/^SQLITE_(?:BUSY|LOCKED)/.test(code))
    return 'Another process holds its lock: end that process, or use another file'
  if (code.startsWith('SQLITE_FULL')) return 'Make room on the disk'
  if (/^SQLITE_(?:CORRUPT|NOTADB)/.test(code))
    return 'The file is damaged: stop the server and move the file away'
  if (/^SQLITE_(?:READONLY|CANTOPEN|PERM|IOERR)/.test(code))
    return 'Check that the file and its folder can be written'
  return undefined
}
