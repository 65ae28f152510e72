/** A classic script: `<script async src="sluice.min.js">`, on its own or put on the page by a snippet. */
import { load } from './load'

// Chunks are put on the page with it.
export { ofPage } from './past-markup'

import { boot } from './standalone/boot'
import { runningScript, scriptThatLoads } from './standalone/own-script'

const script = runningScript()
/** Chunks are next to it. A module finds them by itself. */
export const address = script?.src

if (script) void boot(script, load)
else void scriptThatLoads().then((loaded) => boot(loaded, load))
