import { globalNamed } from '../past-markup'
import { ownScript, type ScriptURLPolicy } from './own-script'

/** The policy that a page has to allow: `trusted-types sluice`. */
export const trustedTypesPolicy = 'sluice'

interface TrustedTypes {
  createPolicy(name: string, rules: { createScriptURL(url: string): string }): ScriptURLPolicy
}

/** The address of a script, in the form that pages with Trusted Types ask for. Only http and https are addresses of scripts. */
export function trustedScriptURL(url: string): unknown {
  // Also before a policy that lets everything pass.
  assertScriptURL(url)
  ownScript.policy ??= createPolicy()
  return ownScript.policy.createScriptURL(url)
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
