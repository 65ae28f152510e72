/** The time zone of the device, by its IANA name, or nothing where that cannot be found out. */
export function readTimeZone(): string | undefined {
  try {
    return Intl.DateTimeFormat().resolvedOptions().timeZone
  } catch {
    return undefined
  }
}
