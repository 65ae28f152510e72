import { ofPage } from '../past-markup'

/**
 * The element that this file came in, as the browser tells it: scripts that look like it may never have run. A classic
 * script is told while it runs first.
 */
export function runningScript(): HTMLScriptElement | undefined {
  const script = ofPage('currentScript')
  return script instanceof HTMLScriptElement ? script : undefined
}

/**
 * The element of a module that runs: the browser tells which one has loaded right after its module has run, and before
 * anything else. Nothing, where the module was imported by another that is in no file.
 */
export function scriptThatLoads(): Promise<HTMLScriptElement | undefined> {
  return new Promise((resolve) => {
    const listening = new AbortController()
    const end = (script?: HTMLScriptElement) => {
      listening.abort()
      resolve(script)
    }
    const hear = ({ target }: Event) => {
      if (target instanceof HTMLScriptElement && target.type === 'module') end(target)
    }
    // It does not bubble.
    ofPage('addEventListener')?.('load', hear, { capture: true, signal: listening.signal })
    setTimeout(end)
  })
}
