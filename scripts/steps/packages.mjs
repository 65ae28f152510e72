/** What will be published, as its users get it: packed, installed in an empty project, imported and bundled in every way. */
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pnpm } from '../lib/pnpm.mjs'
import { readPublished } from '../lib/workspace.mjs'
import { bundleInProject } from './packages/bundle-in-project.mjs'
import { checkManifest } from './packages/check-manifest.mjs'
import { checkTypeResolution } from './packages/check-type-resolution.mjs'
import { consumers } from './packages/consumers.mjs'
import { installTarballs, listInstalled } from './packages/install-tarballs.mjs'
import { useInProject } from './packages/use-in-project.mjs'

/** @type {import('../lib/report.mjs').Step} */
export default async function packages(report) {
  const published = readPublished()
  const folder = mkdtempSync(join(tmpdir(), 'sluice-packages-'))
  /** @type {Map<string, string>} */
  const tarballs = new Map()
  try {
    const packed = await report.check(`pack ${published.map(({ name }) => name).join(', ')}`, async () => {
      const filters = published.flatMap(({ path }) => ['--filter', `./${path}`])
      await pnpm([...filters, '--recursive', 'pack', '--pack-destination', folder])
      for (const { name, manifest } of published) {
        tarballs.set(name, join(folder, tarballName(name, manifest.version)))
      }
      return readdirSync(folder).join(', ')
    })
    if (!packed) return

    for (const { name, manifest } of published) {
      const tarball = String(tarballs.get(name))
      await report.check(`manifest of ${name}`, () => checkManifest(tarball))
      await report.check(`types of ${name} resolve`, () => checkTypeResolution(tarball, manifest))
    }

    for (const { name, packages, mayInstall, uses, bundled } of consumers) {
      const project = join(folder, 'projects', name)
      mkdirSync(project, { recursive: true })
      const installed = await report.check(`npm install ${packages.join(' ')}`, () =>
        installTarballs(
          project,
          packages.map((one) => String(tarballs.get(one))),
        ),
      )
      if (!installed) continue
      if (mayInstall)
        await report.check(`${name} installs little`, () => expectOnly(mayInstall, listInstalled(project)))
      await useInProject(project, uses, report)
      if (bundled) await bundleInProject(project, bundled, report)
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/**
 * As npm and pnpm name it.
 * @param {string} name
 * @param {string} version
 */
const tarballName = (name, version) => `${name.replace('@', '').replace('/', '-')}-${version}.tgz`

/**
 * @param {string[]} allowed
 * @param {string[]} installed
 */
function expectOnly(allowed, installed) {
  const strangers = installed.filter((name) => !allowed.includes(name))
  if (strangers.length > 0) throw new Error(`${strangers.join(', ')} came along`)
  return installed.join(', ')
}
