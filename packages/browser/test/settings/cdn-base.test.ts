import { describe, expect, it } from 'vitest'
import { cdnBase } from '../../src/settings/cdn-base'

const scripts = (...addresses: string[]) => ({ scripts: () => addresses })

describe('the base of the CDN', () => {
  it.each([
    ['Segment’s, if nothing is known', scripts(), 'https://cdn.segment.com'],
    [
      'that of the settings',
      { cdnURL: 'https://cdn.example/', fromSnippet: 'https://no.example', ...scripts() },
      'https://cdn.example',
    ],
    ['that of the snippet', { fromSnippet: 'https://cdn.example', ...scripts() }, 'https://cdn.example'],
    [
      'that of the script',
      scripts('https://cdn.example/a/analytics.js/v1/key/analytics.min.js'),
      'https://cdn.example/a',
    ],
    [
      'that of the last script that looks like it',
      scripts(
        'https://one.example/analytics.js/v1/key/analytics.min.js',
        'https://two.example/analytics.js/v1/key/platform/analytics.min.js',
        'https://three.example/app.js',
      ),
      'https://two.example',
    ],
    [
      'not that of a script without https',
      scripts('http://cdn.example/analytics.js/v1/key/analytics.min.js'),
      'https://cdn.segment.com',
    ],
    [
      'not that of a script without a key',
      scripts('https://cdn.example/analytics.js/v1/'),
      'https://cdn.segment.com',
    ],
  ] as const)('is %s', (_, hints, base) => {
    expect(cdnBase(hints)).toBe(base)
  })
})
