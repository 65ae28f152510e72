/** The name of a destination as its scripts bear it. */
export function slugOf(name: string): string {
  return name.toLowerCase().replace('.', '').replace(/\s+/g, '-')
}

export interface ScriptOf {
  readonly name: string
  readonly version: string
  /** Whether the name is hidden from those who look at addresses. */
  readonly obfuscate?: boolean | undefined
}

/** Where the script of a destination is, below the CDN's folder of integrations. */
export function scriptPath({ name, version, obfuscate }: ScriptOf): string {
  const slug = slugOf(name)
  const shown = obfuscate ? hidden(slug) : slug
  return `/integrations/${shown}/${version}/${shown}.dynamic.js.gz`
}

function hidden(slug: string): string {
  // Bytes of UTF-8, one character each.
  const bytes = encodeURIComponent(slug).replace(/%(..)/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  )
  return btoa(bytes).replaceAll('=', '')
}
