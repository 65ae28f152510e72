import { guarded } from '../storage/guarded'
import { unquote } from './id-format'

/** Cookies that older libraries left. They are read once, and deleted with the ids that came from them. */
export const legacyUserKey = 'ajs_user'
export const legacyVisitorKey = '_sio'

export interface LegacyUser {
  id?: string | undefined
  traits?: object | undefined
}

/** `ajs_user` holds `{ id, traits }` as JSON, or an id alone. */
export function readLegacyUser(text: string): LegacyUser {
  const value: unknown = guarded(() => JSON.parse(text), text)
  if (typeof value !== 'object') return { id: unquote(text) }
  const { id, traits } = (value ?? {}) as Record<string, unknown>
  return {
    id: typeof id === 'string' || typeof id === 'number' ? String(id) : undefined,
    traits: typeof traits === 'object' && traits !== null ? traits : undefined,
  }
}

/** `_sio` holds an anonymous id and a user id, of which only the first is used. */
export const readLegacyVisitor = (text?: string) => text?.split('----')[0]
