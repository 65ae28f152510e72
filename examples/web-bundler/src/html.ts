/** Text put into HTML by this tag can do no harm there. */
export function html(
  parts: TemplateStringsArray,
  ...values: (string | number | Markup | Markup[])[]
): Markup {
  const written = parts.map((part, index) => part + write(values[index] ?? ''))
  return { markup: written.join('') }
}

export interface Markup {
  readonly markup: string
}

const entities: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

function write(value: string | number | Markup | Markup[]): string {
  if (Array.isArray(value)) return value.map(({ markup }) => markup).join('')
  if (typeof value === 'object') return value.markup
  return String(value).replace(/[&<>"']/g, (character) => entities[character] ?? character)
}
