export interface ScriptURLPolicy {
  createScriptURL(url: string): unknown
}

/** What the script that this library came in hands on to those that it loads. A classic script can see itself, modules cannot. */
export const ownScript: {
  nonce?: string | undefined
  /** The policy of the snippet that loaded this library, to go on with: a page has each policy once. */
  policy?: ScriptURLPolicy | undefined
} = {}
