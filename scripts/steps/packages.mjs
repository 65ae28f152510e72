/** What will be published, as its users get it: packed, installed in an empty project, imported and bundled in every way. */
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { packPackages } from '../lib/pack.mjs'
import { readPublished } from '../lib/workspace.mjs'
import { addToProject } from './packages/add-to-project.mjs'
import { bundleInProject } from './packages/bundle-in-project.mjs'
import { checkEngines } from './packages/check-engines.mjs'
import { checkLinks } from './packages/check-links.mjs'
import { checkManifest } from './packages/check-manifest.mjs'
import { checkTypeResolution } from './packages/check-type-resolution.mjs'
import { consumers } from './packages/consumers.mjs'
import { checkEdgeApis } from './packages/edge-apis.mjs'
import { installTarballs, listInstalled } from './packages/install-tarballs.mjs'
import { useInProject } from './packages/use-in-project.mjs'
import { useWithOlderTools } from './packages/use-with-older-tools.mjs'

/** @type {import('../lib/report.mjs').Step} */
export default async function packages(report) {
  const published = readPublished()
  const folder = mkdtempSync(join(tmpdir(), 'sluice-packages-'))
  let tarballs = /** @type {Map<string, string>} */ (new Map())
  try {
    const packed = await report.check(`pack ${published.map(({ name }) => name).join(', ')}`, async () => {
      tarballs = await packPackages(published, folder)
      return readdirSync(folder).join(', ')
    })
    if (!packed) return

    for (const { name } of published) {
      const tarball = String(tarballs.get(name))
      await report.check(`manifest of ${name}`, () => checkManifest(tarball))
      await report.check(`types of ${name} resolve`, () => checkTypeResolution(tarball))
    }

    for (const { name, packages, mayInstall, uses, bundled, runsAtEdge, meetsOlderTools } of consumers) {
      const project = join(folder, 'projects', name)
      mkdirSync(project, { recursive: true })
      const installed = await report.check(`npm install ${packages.join(' ')}`, () =>
        installTarballs(
          project,
          packages.map((one) => String(tarballs.get(one))),
        ),
      )
      if (!installed) continue
      await report.check(`what ${name} installs runs on the oldest Node that it promises`, () =>
        checkEngines(project, packages.at(-1) ?? name),
      )
      await report.check(`links of ${name} lead to what is installed`, () => checkLinks(project, packages))
      if (mayInstall)
        await report.check(`${name} installs little`, () => expectOnly(mayInstall, listInstalled(project)))
      await useInProject(project, uses, report)
      if (bundled) await bundleInProject(project, bundled, report)
      if (runsAtEdge) await report.check(`${name} at the edge of Next.js`, () => checkEdgeApis(project))
      if (meetsOlderTools) await useWithOlderTools(project, report)
    }
    await addToProject(join(folder, 'projects/add-to'), report)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/**
 * @param {(string | RegExp)[]} allowed
 * @param {string[]} installed
 */
function expectOnly(allowed, installed) {
  const strangers = installed.filter(
    (name) => !allowed.some((one) => (typeof one === 'string' ? one === name : one.test(name))),
  )
  if (strangers.length > 0) throw new Error(`${strangers.join(', ')} came along`)
  return installed.join(', ')
}
