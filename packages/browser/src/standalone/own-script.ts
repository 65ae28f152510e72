/**
 * The element that this file came in. As a module, or from the hands of a tool that loads scripts, it cannot see its own:
 * then one that looks like it.
 */
export function ownScript(): HTMLScriptElement | null {
  const { currentScript } = document
  if (currentScript && 'src' in currentScript) return currentScript
  // What is surest first: others, too, say `data-write-key`.
  return scriptWith('src*="/sluice.min.js"') ?? scriptOfSnippet() ?? scriptWith('data-write-key')
}

/** The element that a snippet has put on the page. */
export function scriptOfSnippet(): HTMLScriptElement | null {
  return scriptWith('data-global-segment-analytics-key')
}

function scriptWith(mark: string): HTMLScriptElement | null {
  return document.querySelector<HTMLScriptElement>(`script[${mark}]`)
}
