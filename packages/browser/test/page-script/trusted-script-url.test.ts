import { afterEach, expect, it } from 'vitest'
import { ownScript } from '../../src/page-script/own-script'
import { trustedScriptURL } from '../../src/page-script/trusted-script-url'

afterEach(() => {
  ownScript.policy = undefined
})

it.each([
  'javascript:alert(1)',
  'data:text/javascript,alert(1)',
  'blob:https://shop.test/1',
  '//shop.test/a.js',
])('%s is no address of a script, whatever the policy of the snippet lets pass', (url) => {
  ownScript.policy = { createScriptURL: (given) => given }

  expect(() => trustedScriptURL(url)).toThrow(TypeError)
})

it('addresses of http and https go through that policy', () => {
  ownScript.policy = { createScriptURL: (given) => `trusted ${given}` }

  expect(trustedScriptURL('https://shop.test/a.js')).toBe('trusted https://shop.test/a.js')
})
