import { describe, expect, it } from 'vitest'
import { startDevServer, trackCall } from './helpers/start-dev-server'

const basic = (text: string) => ({ authorization: `Basic ${Buffer.from(text).toString('base64')}` })

describe('write keys', () => {
  it.each([
    { form: 'Basic with its colon', headers: basic('web:'), body: {}, query: '' },
    { form: 'Basic without a colon', headers: basic('web'), body: {}, query: '' },
    { form: 'Basic with a password', headers: basic('web:secret'), body: {}, query: '' },
    {
      form: 'Basic in other letters',
      headers: { authorization: basic('web:').authorization.replace('Basic', 'basic') },
      body: {},
      query: '',
    },
    { form: 'the body', headers: {}, body: { writeKey: 'web' }, query: '' },
    { form: 'the query', headers: {}, body: {}, query: '?writeKey=web' },
    { form: 'the body, beside an empty Basic', headers: basic(':'), body: { writeKey: 'web' }, query: '' },
  ])('are read from $form', async ({ headers, body, query }) => {
    const { post, client } = await startDevServer({ writeKeys: ['app', 'web'] })

    const { status } = await post(`/v1/track${query}`, trackCall({ writeKey: undefined, ...body }), headers)

    expect(status).toBe(200)
    expect((await client.events()).map((event) => event.writeKey)).toEqual(['web'])
  })

  it.each([
    { case: 'no key', headers: {}, body: { writeKey: undefined }, code: 'write_key_missing' },
    { case: 'a key that is a number', headers: {}, body: { writeKey: 5 }, code: 'write_key_missing' },
    {
      case: 'an unknown key in the body',
      headers: {},
      body: { writeKey: 'nope' },
      code: 'write_key_unknown',
    },
    {
      case: 'an unknown key in Basic',
      headers: basic('nope:'),
      body: { writeKey: 'dev' },
      code: 'write_key_unknown',
    },
    {
      case: 'a token nobody issued',
      headers: { authorization: 'Bearer abc' },
      body: { writeKey: 'dev' },
      code: 'token_unknown',
    },
  ])('refuse $case with 401', async ({ headers, body, code }) => {
    const { post, client } = await startDevServer()

    const answer = await post('/v1/track', trackCall(body), headers)

    expect(answer.status).toBe(401)
    expect(answer.body).toMatchObject({ success: false, error: { code } })
    expect(await client.counts()).toMatchObject({ accepted: 0, refused: { auth: 1 } })
  })

  it('may be any with anyKey, but not none', async () => {
    const { post, get } = await startDevServer({ anyKey: true })

    expect((await post('/v1/track', trackCall({ writeKey: 'whatever' }))).status).toBe(200)
    expect((await get('/v1/projects/whatever/settings')).status).toBe(200)
    expect((await post('/v1/track', trackCall({ writeKey: undefined }))).status).toBe(401)
  })
})
