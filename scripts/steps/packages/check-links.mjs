/** Links in what a package brings along to read lead to files that it brings along as well: elsewhere they would be dead. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { readLinks } from '../docs/read-links.mjs'

/**
 * @param {string} project
 * @param {string[]} packages Installed there.
 */
export function checkLinks(project, packages) {
  const dead = []
  let count = 0
  for (const name of packages) {
    const folder = join(project, 'node_modules', name)
    const texts = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
      /\.md$/.test(file),
    )
    for (const file of texts) {
      for (const { path } of readLinks(readFileSync(join(folder, file), 'utf8'))) {
        count++
        const target = join(folder, dirname(file), path)
        if (relative(folder, target).startsWith('..') || !existsSync(target))
          dead.push(`${name}/${file}: ${path}`)
      }
    }
  }
  if (dead.length > 0) throw new Error(dead.join('\n'))
  return `${count} links`
}
