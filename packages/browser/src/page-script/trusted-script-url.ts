/** The policy that a page has to allow: `trusted-types sluice`. */
export const trustedTypesPolicy = 'sluice'

interface TrustedTypes {
  createPolicy(name: string, rules: { createScriptURL(url: string): string }): ScriptURLPolicy
}

interface ScriptURLPolicy {
  createScriptURL(url: string): unknown
}

let policy: ScriptURLPolicy | undefined

/** The address of a script, in the form that pages with Trusted Types ask for. Only http and https are addresses of scripts. */
export function trustedScriptURL(url: string): unknown {
  policy ??= createPolicy()
  return policy.createScriptURL(url)
}

function createPolicy(): ScriptURLPolicy {
  const { trustedTypes }: { document?: unknown; trustedTypes?: TrustedTypes } = globalThis
  try {
    return trustedTypes?.createPolicy(trustedTypesPolicy, { createScriptURL }) ?? { createScriptURL }
  } catch {
    // The page does not allow it, or another copy of this library has it: the page's default policy may let it pass.
    return { createScriptURL }
  }
}

function createScriptURL(url: string): string {
  if (!/^https?:/.test(url)) throw new TypeError(`No address of a script: ${url}`)
  return url
}
