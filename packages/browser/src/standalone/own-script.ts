/** Whose element it is, what is surest first. Others, too, say `data-write-key`. */
const marks = [
  '[src*="/sluice.min.js"]',
  '[data-global-segment-analytics-key]',
  '[data-write-key]',
  '[src*="/analytics.min.js"]',
]

/**
 * The element that this file came in. As a module, or from the hands of a tool that loads scripts, it cannot see its own:
 * then one that looks like it.
 */
export function ownScript(): HTMLScriptElement | undefined {
  const { currentScript } = document
  if (currentScript instanceof HTMLScriptElement) return currentScript
  for (const mark of marks) {
    const found = document.querySelector<HTMLScriptElement>(`script${mark}`)
    if (found) return found
  }
  return undefined
}
