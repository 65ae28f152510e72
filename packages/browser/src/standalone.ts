/** A classic script: `<script async src="sluice.min.js">`, on its own or put on the page by a snippet. */
import { load } from './load'
import { boot } from './standalone/boot'

void boot(document.currentScript instanceof HTMLScriptElement ? document.currentScript : null, load)
