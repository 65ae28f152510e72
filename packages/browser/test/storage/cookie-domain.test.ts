import { describe, expect, it } from 'vitest'
import { registrableDomain } from '../../src/storage/cookie-domain'

describe('the domain that pages share cookies on', () => {
  it.each([
    ['example.com', 'example.com', ['example.com']],
    ['a.b.example.com', 'example.com', ['example.com']],
    ['shop.example.co.uk', 'example.co.uk', ['co.uk', 'example.co.uk']],
    ['me.github.io', 'me.github.io', ['github.io', 'me.github.io']],
  ])('of %s is %s', (hostname, domain, expectedTrials) => {
    const trials: string[] = []
    const accepts = (candidate: string) => {
      trials.push(candidate)
      return !['co.uk', 'github.io'].includes(candidate)
    }

    expect(registrableDomain(hostname, accepts)).toBe(domain)
    expect(trials).toEqual(expectedTrials)
  })

  it('is unknown when the browser accepts none', () => {
    expect(registrableDomain('a.example.com', () => false)).toBeUndefined()
  })

  it.each(['localhost', 'intranet', '127.0.0.1', '[::1]', ''])(
    'is not even looked for on "%s"',
    (hostname) => {
      const accepts = () => {
        throw new Error('tried')
      }

      expect(registrableDomain(hostname, accepts)).toBeUndefined()
    },
  )
})
