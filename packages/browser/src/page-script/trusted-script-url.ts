import { globalNamed } from '../past-markup'

/** The policy that a page has to allow: `trusted-types sluice`. */
export const trustedTypesPolicy = 'sluice'

interface TrustedTypes {
  createPolicy(name: string, rules: { createScriptURL(url: string): string }): ScriptURLPolicy
}

export interface ScriptURLPolicy {
  createScriptURL(url: string): unknown
}

let policy: ScriptURLPolicy | undefined

/** Goes on with the policy of the snippet that loaded this library: a page has each policy once. */
export function setScriptURLPolicy(given: ScriptURLPolicy): void {
  policy = given
}

/** The address of a script, in the form that pages with Trusted Types ask for. Only http and https are addresses of scripts. */
export function trustedScriptURL(url: string): unknown {
  // Also before a policy that lets everything pass.
  assertScriptURL(url)
  policy ??= createPolicy()
  return policy.createScriptURL(url)
}

function createPolicy(): ScriptURLPolicy {
  const trustedTypes = globalNamed('trustedTypes') as TrustedTypes | undefined
  const rules = {
    createScriptURL(url: string): string {
      assertScriptURL(url)
      return url
    },
  }
  try {
    return trustedTypes?.createPolicy(trustedTypesPolicy, rules) ?? rules
  } catch {
    // The page does not allow it, or another copy of this library has it: the page's default policy may let it pass.
    return rules
  }
}

function assertScriptURL(url: string): void {
  if (!/^https?:/.test(url)) throw new TypeError(`No address of a script: ${url}`)
}
