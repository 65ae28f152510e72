/** A classic script: `<script async src="sluice.min.js">`, on its own or put on the page by a snippet. */
import { load } from './load'
import { boot } from './standalone/boot'
import { ownScript } from './standalone/own-script'

/** Chunks are next to it. */
export const script = ownScript()

void boot(script, load)
