/**
 * One reader, in a browser without a window: looks around, agrees to be counted, joins the club, goes next door in the
 * middle of it all, comes back and leaves the club. `expected` says what has to have arrived then, and no more than that.
 */
import { chromium } from 'playwright-core'

/**
 * @typedef {object} ExpectedEvent
 * @property {string} type
 * @property {string} what The event's or the page's name, or the id of the user or the group.
 * @property {string} path Of the page it happened on.
 * @property {string} title Of that page.
 * @property {string | null} userId
 * @property {number} reader Which reader it was, by anonymous id: a new one begins when somebody has left the club.
 * @property {number | null} books How long the reader's list was, as the plugin adds it to pages and tracks.
 * @property {string | null} campaign What brought the reader to that page.
 */

const userId = 'reader-ada'
const shelf = { path: '/', title: 'Books · Marginalia' }
const persuasion = { path: '/books/persuasion', title: 'Persuasion · Marginalia' }
const moonstone = { path: '/books/the-moonstone', title: 'The Moonstone · Marginalia' }
const list = { path: '/list', title: 'Your list · Marginalia' }
const club = { path: '/club', title: 'Club · Marginalia' }

const stranger = { userId: null, reader: 1, campaign: null }
const member = { userId, reader: 1, campaign: null }
const somebodyNew = { userId: null, reader: 2, campaign: null }

/** @type {ExpectedEvent[]} */
export const expected = [
  { type: 'page', what: 'Books', ...shelf, ...stranger, books: 0, campaign: 'newsletter' },
  { type: 'page', what: 'Persuasion', ...persuasion, ...stranger, books: 0 },
  { type: 'track', what: 'Book Viewed', ...persuasion, ...stranger, books: 0 },
  { type: 'track', what: 'Book Added', ...persuasion, ...stranger, books: 1 },
  { type: 'page', what: 'Club', ...club, ...stranger, books: 1 },
  { type: 'identify', what: userId, ...club, ...member, books: null },
  { type: 'group', what: 'tuesday', ...club, ...member, books: null },
  { type: 'track', what: 'Club Joined', ...club, ...member, books: 1 },
  { type: 'page', what: 'Persuasion', ...persuasion, ...member, books: 1 },
  { type: 'track', what: 'Book Viewed', ...persuasion, ...member, books: 1 },
  { type: 'page', what: 'Books', ...shelf, ...member, books: 1 },
  { type: 'page', what: 'The Moonstone', ...moonstone, ...member, books: 1 },
  { type: 'track', what: 'Book Viewed', ...moonstone, ...member, books: 1 },
  { type: 'track', what: 'Bookshop Visited', ...moonstone, ...member, books: 1 },
  { type: 'page', what: 'Your list', ...list, ...member, books: 1 },
  { type: 'track', what: 'Book Finished', ...list, ...member, books: 0 },
  { type: 'page', what: 'Club', ...club, ...member, books: 0 },
  { type: 'track', what: 'Club Left', ...club, ...member, books: 0 },
  { type: 'page', what: 'Books', ...shelf, ...somebodyNew, books: 0 },
]

/**
 * @param {object} options
 * @param {string} options.site
 * @param {string} options.executablePath Of the browser.
 * @param {string[]} options.args
 * @param {() => Promise<void>} options.beforeConsent Called when the reader has looked around and not agreed yet.
 * @param {() => Promise<void>} options.beforeEnd Called when the reader has done everything, with the page still open.
 */
export async function visit({ site, executablePath, args, beforeConsent, beforeEnd }) {
  const browser = await chromium.launch({ executablePath, args })
  try {
    const page = await browser.newPage()
    page.setDefaultTimeout(10_000)
    const click = (/** @type {string} */ text) => page.getByText(text, { exact: true }).first().click()

    await page.goto(`${site}/?utm_source=newsletter&utm_campaign=autumn`)
    await page.locator('a.card', { hasText: 'Persuasion' }).click()
    await beforeConsent()
    await click('Yes, count along')
    await click('Put it on the list')

    await page.locator('nav').getByText('Club').click()
    await page.getByLabel('Name').fill('Ada')
    await page.getByLabel('E-mail').fill('ada@example.com')
    await click('Join')
    await page.goBack()
    await page.locator('h1', { hasText: 'Persuasion' }).waitFor()

    await click('Marginalia')
    await page.locator('a.card', { hasText: 'The Moonstone' }).click()
    // The page goes away within the very click that is told.
    await click('Buy it next door')
    await page.waitForURL('**/bookshop.html*')
    await click('Back to your list')
    await page.waitForURL('**/list')
    await click('I have read it')

    await page.locator('nav').getByText('Club').click()
    await click('Leave the club')
    await click('Marginalia')
    await beforeEnd()
  } finally {
    await browser.close()
  }
}
