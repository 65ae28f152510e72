/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
import { onTestFinished, vi } from 'vitest'

/** What becomes of a script that a library puts on the page: it runs, after so many ms, or it cannot be loaded. */
export type ScriptReply = { run(): void; afterMs?: number } | 'error' | 'hang'

/** Answers scripts that are put on the page, by their addresses; others cannot be loaded. Gives the addresses asked for. */
export function serveScripts(replies: Record<string, ScriptReply>): string[] {
  const asked: string[] = []
  // Scripts that are on no page are never fetched.
  const box = document.createElement('div')
  const insert = (node: unknown) => {
    if (!(node instanceof HTMLScriptElement)) throw new TypeError('only scripts are expected here')
    box.append(node)
    asked.push(node.src)
    const reply = replies[node.src] ?? 'error'
    if (reply === 'hang') return
    setTimeout(
      () => {
        if (reply !== 'error') reply.run()
        node.dispatchEvent(new Event(reply === 'error' ? 'error' : 'load'))
      },
      reply === 'error' ? 1 : (reply.afterMs ?? 1),
    )
  }
  const spies = [
    vi.spyOn(document.head, 'append').mockImplementation((...nodes) => nodes.forEach(insert)),
    vi.spyOn(document.head, 'appendChild').mockImplementation((node) => {
      insert(node)
      return node
    }),
  ]
  onTestFinished(() => {
    for (const spy of spies) spy.mockRestore()
  })
  return asked
}
