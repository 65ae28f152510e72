import type { DevServer } from '../create-dev-server'
import { firstSteps } from '../first-steps'
import { printable } from './printable'

const nameWidth = 15

/** What stands on the screen after the start: where to send, with which key, and code to paste. */
export function welcome({ url, writeKeys, anyKey, storePath }: DevServer): string {
  const { places, code } = firstSteps(url, writeKeys[0] ?? 'dev')
  const facts = [
    ...places,
    ['Write keys', describeKeys(writeKeys, anyKey)],
    ['Store', storePath ?? 'in memory'],
  ] as const
  const lines = [
    'Sluice dev server',
    '',
    ...facts.map(([name, value]) => `${name.padEnd(nameWidth)}${printable(value)}`),
    ...code.flatMap(([where, text]) => [
      '',
      where,
      ...text.split('\n').map((line) => `  ${printable(line)}`),
    ]),
    '',
    'Ctrl-C ends it.',
  ]
  return `\n${lines.map((line) => (line === '' ? '' : `  ${line}`)).join('\n')}\n`
}

function describeKeys(writeKeys: readonly string[], anyKey: boolean): string {
  const named = writeKeys.join(', ')
  if (!anyKey) return named || 'none'
  return named === '' ? 'every key is taken' : `${named}, and every other`
}
