/**
 * One visitor, in a browser without a window: listens to the guide, plans a visit and joins the newsletter. `expected` says
 * what has to have arrived then, and no more than that.
 */
import { chromium } from 'playwright-core'

/**
 * @typedef {object} ExpectedEvent
 * @property {string} type
 * @property {string} what Name of the event or of the page.
 * @property {string} path Of the page it happened on.
 * @property {string | null} userId
 */

const userId = 'newsletter:ada@example.com'
const stranger = { userId: null }
const reader = { userId }

/** @type {ExpectedEvent[]} */
export const expected = [
  { type: 'page', what: 'Exhibitions', path: '/', ...stranger },
  { type: 'track', what: 'Exhibition Seen', path: '/', ...stranger },
  { type: 'track', what: 'Audio Guide Started', path: '/', ...stranger },
  { type: 'track', what: 'Visit Planned', path: '/', ...stranger },
  { type: 'page', what: 'Visit', path: '/visit', ...stranger },
  { type: 'identify', what: '', path: '/visit', ...reader },
  { type: 'track', what: 'Newsletter Joined', path: '/visit', ...reader },
  { type: 'page', what: 'Thanks', path: '/thanks', ...reader },
]

/**
 * @param {object} options
 * @param {string} options.museum
 * @param {string} options.executablePath Of the browser.
 * @param {string[]} options.args
 * @param {() => Promise<void>} options.beforeEnd Called when the visitor has done everything, with the page still open.
 * @returns {Promise<string[]>} What pages told the console: nothing, if all is well.
 */
export async function visit({ museum, executablePath, args, beforeEnd }) {
  const browser = await chromium.launch({ executablePath, args })
  try {
    /** @type {string[]} */
    const told = []
    const page = await browser.newPage()
    page.setDefaultTimeout(10_000)
    page.on('console', (message) => told.push(message.text()))
    page.on('pageerror', ({ message }) => told.push(message))

    await page.goto(museum)
    await page.getByText('Listen').click()
    // The page goes away within the very click that is told.
    await page.getByText('Plan your visit').click()
    await page.getByLabel('E-mail').fill('ada@example.com')
    await page.getByText('Send me the programme').click()
    await page.getByText('Thank you').waitFor()
    await beforeEnd()
    return told
  } finally {
    await browser.close()
  }
}
