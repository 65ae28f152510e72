import { host } from './globals'

/** Prints rows, on consoles without tables as they are. */
export function printTable(rows: unknown): void {
  const { console } = host
  if (console.table) console.table(rows)
  else console.log(rows)
}
