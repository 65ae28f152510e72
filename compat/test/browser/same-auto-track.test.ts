import { describe } from 'vitest'
import { agrees } from '../../src/browser/agreement'
import type { Page } from '../../src/browser/page'

function element(html: string): HTMLElement {
  document.body.innerHTML = html
  const made = document.body.firstElementChild
  if (!(made instanceof HTMLElement)) throw new TypeError('expected an element')
  return made
}

/**
 * Clicks. How the page is left is not compared: the peer takes it into its own hands, ours leaves it to the browser and
 * keeps the event.
 */
function click(target: Element, init: MouseEventInit = {}): void {
  target.dispatchEvent(new MouseEvent('click', { bubbles: true, cancelable: true, ...init }))
}

const seen = (page: Page) =>
  page.sent().map(({ event, properties, context }) => [event, properties, Reflect.get(Object(context), 'ip')])

describe('trackLink', () => {
  const cases: Record<string, [html: string, init?: MouseEventInit]> = {
    'a link': ['<a href="#next">x</a>'],
    'a link to another window': ['<a href="#next" target="_blank">x</a>'],
    'a link clicked for another tab': ['<a href="#next">x</a>', { ctrlKey: true }],
    'a link clicked for another window': ['<a href="#next">x</a>', { shiftKey: true }],
    'a link clicked with the meta key': ['<a href="#next">x</a>', { metaKey: true }],
    'a link clicked with the wheel': ['<a href="#next">x</a>', { button: 1 }],
    'no link': ['<button>x</button>'],
    'something around a link': ['<div><a href="#nested">x</a></div>'],
  }
  for (const [name, [html, init]] of Object.entries(cases)) {
    agrees(`tracks ${name}`, async (page) => {
      const client = await page.start()
      const target = element(html)
      const answer = await page.value(client.trackLink(target, 'Clicked', { a: 1 }))
      click(target, init)
      await page.pass(500)
      return [answer === client, seen(page)]
    })
  }

  agrees('asks functions for name and properties', async (page) => {
    const client = await page.start()
    const target = element('<a href="#next" data-name="n">x</a>')
    const name = (link: HTMLElement) => `Clicked ${link.dataset.name}`
    const properties = (link: HTMLElement) => ({ of: link.tagName })
    await page.value(client.trackLink(target, name, properties, { ip: '1.2.3.4' }))
    click(target)
    await page.pass(500)
    return seen(page)
  })

  const links = () => [...document.querySelectorAll('a')]
  const kinds: Record<string, () => unknown> = {
    'a list': links,
    'something like jQuery': () => ({ toArray: links }),
    nothing: () => null,
  }
  for (const [name, elements] of Object.entries(kinds)) {
    agrees(`takes ${name}`, async (page) => {
      const client = await page.start()
      element('<div><a href="#1">1</a><a href="#2">2</a></div>')
      const answer = await page.value(client.trackLink(elements(), 'Clicked'))
      for (const link of links()) click(link)
      await page.pass(500)
      return [answer === client, seen(page)]
    })
  }
})

describe('trackForm', () => {
  agrees('tracks a form', async (page) => {
    const client = await page.start()
    const form = element('<form action="#next"><input name="x" value="1"></form>')
    Reflect.set(form, 'submit', () => {})
    const answer = await page.value(client.trackForm(form, 'Submitted', { a: 1 }))
    form.dispatchEvent(new Event('submit', { bubbles: true, cancelable: true }))
    await page.pass(500)
    return [answer === client, seen(page)]
  })

  agrees('refuses what is no form', async (page) => {
    const client = await page.start()
    const end = await page.settled(client.trackForm('text', 'Submitted'))
    return Object.keys(Object(end))
  })
})
