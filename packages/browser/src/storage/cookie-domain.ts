/**
 * The widest domain that a page on `hostname` may share cookies with: `example.co.uk` for `shop.example.co.uk`. Only the
 * browser knows which suffixes are public, so candidates are tried from the widest on. Hosts that have no such domain
 * (`localhost`, addresses) are not tried at all.
 */
export function registrableDomain(
  hostname: string,
  accepts: (domain: string) => boolean,
): string | undefined {
  const labels = hostname.split('.')
  if (/^\d*$/.test(labels.at(-1) ?? '')) return undefined
  const candidates = labels.map((_, first) => labels.slice(first).join('.')).reverse()
  return candidates.slice(1).find((domain) => accepts(domain))
}
