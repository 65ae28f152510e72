import { describe, expect, it } from 'vitest'
import { agrees } from '../../src/browser/agreement'
import type { UserLike } from '../../src/browser/library'
import { onPage, type Page, type PageSetting } from '../../src/browser/page'
import { browserSegment, browserSluice } from '../../src/browser/subjects'
import { fields } from '../../src/fields'
import type { Fields } from '../../src/library'

const stateOfUser = (user: UserLike) => [user.id(), user.traits()]
const empty = (kept: ReturnType<Page['kept']>) => ({
  ...kept,
  // Traits that say nothing are written down by the peer; with ours there is no key.
  localStorage: Object.fromEntries(Object.entries(kept.localStorage).filter(([, text]) => text !== '{}')),
})

describe('a user', () => {
  const steps: Record<string, (user: UserLike) => unknown[]> = {
    'is nobody at first': (user) => [user.id(), user.traits(), typeof user.anonymousId()],
    'has the id that is set': (user) => [user.id('u'), user.id()],
    'has no id after null': (user) => [user.id('u'), user.id(null), user.id()],
    'has the visitor that is set': (user) => [user.anonymousId('a'), user.anonymousId()],
    'has a new visitor after null': (user) => [
      user.anonymousId('a'),
      user.anonymousId(null),
      user.anonymousId(),
    ],
    'keeps the visitor from nobody to somebody': (user) => [
      user.anonymousId(),
      user.id('u'),
      user.anonymousId(),
    ],
    'is a new visitor from one to another': (user) => [
      user.id('u'),
      user.anonymousId(),
      user.id('v'),
      user.anonymousId(),
    ],
    'keeps the visitor from somebody to nobody': (user) => [
      user.id('u'),
      user.anonymousId(),
      user.id(null),
      user.anonymousId(),
    ],
    'has the traits that are set': (user) => [user.traits({ a: 1 }), user.traits({ b: 2 }), user.traits()],
    'has no traits after null': (user) => [user.traits({ a: 1 }), user.traits(null), user.traits()],
    'adds traits of the same id': (user) => [
      user.identify('u', { a: 1 }),
      user.identify('u', { b: 2 }),
      user.traits(),
    ],
    'adds traits when nobody is known': (user) => [
      user.identify(null, { a: 1 }),
      user.identify('u', { b: 2 }),
      user.traits(),
      user.id(),
    ],
    'replaces traits of another id': (user) => [
      user.identify('u', { a: 1 }),
      user.identify('v', { b: 2 }),
      user.traits(),
    ],
    'keeps traits without new ones': (user) => [
      user.identify('u', { a: 1 }),
      user.identify('u'),
      user.traits(),
    ],
    'forgets at logout': (user) => [user.identify('u', { a: 1 }), user.logout(), ...stateOfUser(user)],
    'forgets at reset': (user) => [user.identify('u', { a: 1 }), user.reset(), ...stateOfUser(user)],
    'is saved': (user) => [user.save()],
    'loads another': (user) => {
      const other = user.load()
      return [other === user, other.options]
    },
    'has numbers as text': (user) => [user.id('7'), user.id()],
  }
  const options: Record<string, unknown> = {
    usual: {},
    'in memory': { persist: false },
    disabled: { disable: true },
    'without localStorage': { localStorageFallbackDisabled: true },
    'with other keys': { cookie: { key: 'my_id' }, localStorage: { key: 'my_traits' } },
    'in cookies': { storage: { stores: ['cookie'] } },
    'in localStorage': { storage: { stores: ['localStorage'] } },
    'in memory alone': { storage: { stores: ['memory'] } },
    'in cookies first': { storage: { stores: ['cookie', 'localStorage', 'memory'] } },
    'in unknown stores': { storage: { stores: ['indexedDB'] } },
  }

  for (const [kind, option] of Object.entries(options)) {
    for (const [name, step] of Object.entries(steps)) {
      // Where cookies are the only store the peer has none for traits, and forgets them.
      if (kind === 'in cookies' && /trait|forgets/.test(name)) continue
      agrees(`${name} (${kind})`, async (page) => {
        const user = new page.library.User(option)
        return [step(user), empty(page.kept())]
      })
    }
  }

  for (const cookie of [
    { maxage: 7 },
    { domain: 'www.example.com' },
    { path: '/shop' },
    { secure: true },
    { sameSite: 'Strict' },
    { maxage: 1, domain: 'example.com', path: '/x', secure: true, sameSite: 'None' },
  ]) {
    agrees(`has cookies with ${JSON.stringify(cookie)}`, async (page) => {
      const user = new page.library.User({}, cookie)
      user.identify('u', { a: 1 })
      user.anonymousId('a')
      return page.kept()
    })
  }

  for (const url of [
    'https://example.com/',
    'https://a.b.example.com/',
    'https://shop.example.co.uk/',
    'http://localhost:8080/',
    'http://127.0.0.1/',
    'http://intranet/',
  ]) {
    agrees(
      `shares cookies as widely as possible: ${url}`,
      async (page) => {
        const user = new page.library.User()
        user.id('u')
        return page.kept().cookies
      },
      { url },
    )
  }

  for (const id of ['u', 'a b', 'ü', 'a;b=c', 'a"b', "a'b", '%41', 'a,b', '😀', '1+1', 'x'.repeat(300)]) {
    agrees(`keeps the id ${id.slice(0, 10)}`, async (page) => {
      const user = new page.library.User()
      user.id(id)
      user.anonymousId(`anon ${id}`)
      return [user.id(), user.anonymousId(), page.kept()]
    })
  }
})

describe('a group', () => {
  for (const [name, step] of Object.entries({
    'is nothing at first': (group: UserLike) => [group.id(), group.traits()],
    'has id and traits': (group: UserLike) => [group.identify('g', { a: 1 }), ...stateOfUser(group)],
    'replaces traits of another': (group: UserLike) => [
      group.identify('g', { a: 1 }),
      group.identify('h', { b: 1 }),
      ...stateOfUser(group),
    ],
    'forgets at reset': (group: UserLike) => [
      group.identify('g', { a: 1 }),
      group.reset(),
      ...stateOfUser(group),
    ],
    'has no visitor': (group: UserLike) => [group.anonymousId(), group.anonymousId('x')],
  })) {
    agrees(name, async (page) => {
      const group = new page.library.Group()
      return [step(group), empty(page.kept())]
    })
  }

  agrees('is told by calls', async (page) => {
    const client = await page.start()
    await page.value(client.group('g', { a: 1 }))
    await page.value(client.group({ b: 2 }))
    return [stateOfUser(client.group()), empty(page.kept())]
  })
})

describe('what older libraries left', () => {
  const left: Record<string, Record<string, string>> = {
    'a user': { ajs_user: '{%22id%22:%22old%22%2C%22traits%22:{%22a%22:1}}' },
    'a user without traits': { ajs_user: '{%22id%22:%22old%22}' },
    'a visitor': { _sio: 'anon----user' },
  }
  for (const [name, cookies] of Object.entries(left)) {
    agrees(
      `is taken over: ${name}`,
      async (page) => {
        const user = new page.library.User()
        return [user.id(), user.traits(), user.anonymousId()]
      },
      { cookies },
    )
  }
})

describe('options of load', () => {
  const options: Record<string, Fields> = {
    'a user in memory': { user: { persist: false } },
    'keys of a user': { user: { cookie: { key: 'my_id' }, localStorage: { key: 'my_traits' } } },
    'keys of a group': { group: { cookie: { key: 'my_group' }, localStorage: { key: 'my_group_traits' } } },
    'no group': { group: { disable: true } },
    'cookies and memory': { storage: { stores: ['cookie', 'memory'] } },
    'memory alone': { storage: { stores: ['memory'] } },
    'a store of the user over that of all': {
      storage: { stores: ['cookie', 'memory'] },
      user: { storage: { stores: ['localStorage'] } },
    },
    'nothing kept, but the user': { disableClientPersistence: true, user: { persist: true } },
    'cookies of one day': { cookie: { maxage: 1 } },
    'cookies of a domain': { cookie: { domain: 'www.example.com', secure: true, sameSite: 'Strict' } },
    'no localStorage': { user: { localStorageFallbackDisabled: true } },
  }
  for (const [name, option] of Object.entries(options)) {
    agrees(name, async (page) => {
      const client = await page.start(option)
      await page.value(client.track('Before'))
      await page.value(client.identify('u', { a: 1 }))
      await page.value(client.group('g', { b: 1 }))
      return [
        page
          .sent()
          .map(({ userId, anonymousId, groupId, traits }) => ({ userId, anonymousId, groupId, traits })),
        stateOfUser(client.user()),
        stateOfUser(client.group()),
        empty(page.kept()),
      ]
    })
  }
})

describe('calls that tell who the visitor is', () => {
  agrees('identify, track, identify as another, track', async (page) => {
    const client = await page.start()
    await page.value(client.track('1'))
    await page.value(client.identify('u', { a: 1 }))
    await page.value(client.track('2'))
    await page.value(client.identify('v'))
    await page.value(client.track('3'))
    return [
      page.sent().map(({ userId, anonymousId, traits }) => [userId, anonymousId, traits]),
      empty(page.kept()),
    ]
  })

  agrees('reset forgets all', async (page) => {
    const client = await page.start()
    await page.value(client.identify('u', { a: 1 }))
    await page.value(client.group('g', { a: 1 }))
    client.reset()
    const kept = empty(page.kept())
    const after = [stateOfUser(client.user()), stateOfUser(client.group())]
    await page.value(client.track('E'))
    return [kept, after, page.sent().map(({ userId, anonymousId }) => [userId, anonymousId])]
  })

  agrees('an anonymous id among the options is the visitor from then on', async (page) => {
    const client = await page.start()
    await page.value(client.track('1', {}, { anonymousId: 'mine' }))
    await page.value(client.track('2'))
    return [page.sent().map(({ anonymousId }) => anonymousId), page.kept()]
  })

  agrees('alias changes nothing that is kept', async (page) => {
    const client = await page.start()
    await page.value(client.alias('to', 'from'))
    return [page.sent().map(({ userId, previousId }) => [userId, previousId]), empty(page.kept())]
  })

  agrees('alias of an unknown visitor is from its anonymous id', async (page) => {
    const client = await page.start()
    await page.value(client.alias('to'))
    return page.sent().map(({ userId, previousId, anonymousId }) => [userId, previousId, anonymousId])
  })

  agrees('users that are read make no new visitor known to others', async (page) => {
    const client = await page.start()
    const { id, traits, anonymousId } = client.user()
    const first = anonymousId()
    return [id(), traits(), first === anonymousId()]
  })
})

describe('stores that differ', () => {
  const settings: Record<string, PageSetting> = {
    'an id in localStorage alone': { localStorage: { ajs_user_id: '"u"', ajs_anonymous_id: '"a"' } },
    'an id in a cookie alone': { cookies: { ajs_user_id: 'u', ajs_anonymous_id: 'a' } },
    'an id without quotes': { localStorage: { ajs_user_id: 'u', ajs_anonymous_id: 'a' } },
    'an id in quotes in a cookie': { cookies: { ajs_user_id: '%22u%22', ajs_anonymous_id: '%22a%22' } },
    'a number': { localStorage: { ajs_user_id: '7' } },
    traits: { localStorage: { ajs_user_traits: '{"a":1}', ajs_group_properties: '{"b":1}' } },
    'user ids that differ': { localStorage: { ajs_user_id: '"local"' }, cookies: { ajs_user_id: 'cookie' } },
    null: { localStorage: { ajs_user_id: 'null', ajs_anonymous_id: 'null' } },
  }
  for (const [name, setting] of Object.entries(settings)) {
    agrees(
      name,
      async (page) => {
        const client = await page.start()
        const user = client.user()
        const read = [user.id(), user.anonymousId(), user.traits(), client.group().traits()]
        await page.value(client.track('E'))
        return [read, page.sent().map(({ userId, anonymousId }) => [userId, anonymousId])]
      },
      setting,
    )
  }
})

describe('a visitor who comes back to the other library', () => {
  type Kept = ReturnType<Page['kept']>

  const visit = async (page: Page) => {
    const client = await page.start()
    await page.value(client.track('First'))
    await page.value(client.identify('us;er "1" ü', { name: 'Jane', nested: { a: [1, null] } }))
    await page.value(client.group('the group', { plan: 'pro' }))
  }
  const who = async (page: Page) => {
    const client = await page.start()
    const ctx = await page.value(client.track('Later'))
    return {
      event: [ctx.event.userId, ctx.event.anonymousId],
      user: [client.user().id(), client.user().traits(), client.user().anonymousId()],
      group: [client.group().id(), client.group().traits()],
      kept: page.kept(),
    }
  }

  const raw = (kept: Kept): PageSetting => ({
    localStorage: kept.localStorage,
    cookies: Object.fromEntries(Object.entries(kept.cookies).map(([name, { value }]) => [name, value])),
  })

  const pairs = [
    [browserSegment, browserSluice],
    [browserSluice, browserSegment],
    [browserSegment, browserSegment],
    [browserSluice, browserSluice],
  ] as const

  it.each(pairs.map(([first, second]) => ({ first, second, name: `${first.name}, then ${second.name}` })))(
    'is the same: $name',
    async ({ first, second }) => {
      let left: Kept | undefined
      let ids: unknown[] = []
      await onPage(first, {}, async (page) => {
        await visit(page)
        left = page.kept()
        const last = page.sent().at(-1)
        ids = [last?.userId, last?.anonymousId]
      })
      if (!left) throw new Error('nothing was left')
      let found: Awaited<ReturnType<typeof who>> | undefined
      await onPage(second, raw(left), async (page) => {
        found = await who(page)
      })

      expect(found?.event).toEqual(ids)
      expect(found?.user).toEqual([ids[0], { name: 'Jane', nested: { a: [1, null] } }, ids[1]])
      expect(found?.group).toEqual(['the group', { plan: 'pro' }])
      expect(found?.kept.localStorage).toEqual(left.localStorage)
      const values = (kept: Kept | undefined) =>
        Object.entries(kept?.cookies ?? {})
          .map(([name, { value }]) => [name, value])
          .sort()
      expect([...new Set(values(found?.kept).map(String))]).toEqual(values(left).map(String))
      expect(Object.keys(fields(left.cookies)).sort()).toEqual([
        'ajs_anonymous_id',
        'ajs_group_id',
        'ajs_user_id',
      ])
    },
  )
})
