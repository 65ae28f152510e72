import type { CoreContext } from '@sluice/core'
import { expect, expectTypeOf, it } from 'vitest'
import { resolveAliasArguments } from '../../src/events/alias-arguments'
import { resolvePageArguments } from '../../src/events/page-arguments'
import { resolveArguments } from '../../src/events/track-arguments'
import { resolveUserArguments } from '../../src/events/user-arguments'

interface User {
  email: string
}

it('the usual ways to call compile', () => {
  const callback = (ctx: CoreContext) => ctx.id
  const user: User = { email: 'a@shop.test' }
  const identify = resolveUserArguments({ id: () => null })

  expectTypeOf(resolveArguments('Bought', { price: 1 }, callback)[0]).toEqualTypeOf<string>()
  resolveArguments({ event: 'Bought', properties: user }, { timestamp: new Date() }, callback)
  resolvePageArguments('Docs', 'Home', user, { integrations: { All: false } }, callback)
  resolvePageArguments('Home', callback)
  resolvePageArguments({ tall: true }, { context: {} }, callback)
  identify('u1', user, { integrations: { All: false } }, callback)
  identify(user, callback)
  identify(7, null, undefined)
  resolveAliasArguments('new', 'old', callback)
  resolveAliasArguments(7, { integrations: {} })
  // @ts-expect-error a list names no event
  expect(() => resolveArguments(['Bought'])).toThrow()
})
