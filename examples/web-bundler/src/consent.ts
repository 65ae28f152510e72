/** Whether the reader agrees to be counted, asked once and remembered. */
import { analytics, startCounting } from './analytics'

const key = 'marginalia:consent'

export function startConsent(): void {
  const answer = localStorage.getItem(key)
  if (answer === 'yes') startCounting()
  show(answer)
}

export function agree(): void {
  localStorage.setItem(key, 'yes')
  startCounting()
  show('yes')
}

/** What has been called so far goes nowhere: without `load` it dies with the page. */
export function refuse(): void {
  localStorage.setItem(key, 'no')
  show('no')
}

/** Sends what was agreed to, forgets who the reader was, and begins a page that loads nothing. */
export async function withdraw(): Promise<void> {
  localStorage.setItem(key, 'no')
  await analytics.flush()
  await analytics.reset()
  location.reload()
}

function show(answer: string | null): void {
  document.querySelector('#consent')?.toggleAttribute('hidden', answer !== null)
  document.querySelector('#withdraw')?.toggleAttribute('hidden', answer !== 'yes')
}
