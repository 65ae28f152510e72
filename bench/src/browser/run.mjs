/** Runs one benchmark against a site in a browser, and ends both whatever happens. */
import { versionOf } from './bundle.mjs'
import { startSite } from './site.mjs'
import { startBrowser } from './start-browser.mjs'
import { libraries } from './subjects.mjs'

export async function run(title, benchmark) {
  const site = await startSite()
  try {
    const { browser, version, close } = await startBrowser()
    try {
      const names = libraries.map((library) => `${library} ${versionOf(library)}`).join(' and ')
      console.log(`${title}\n${names}, ${version}, Node ${process.version}`)
      await benchmark({ site, browser })
    } finally {
      await close()
    }
  } finally {
    site.close()
  }
}
