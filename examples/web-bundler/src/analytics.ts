/** What the reading list tells, and to whom. The rest of the code calls `analytics` and knows no more. */
import { AnalyticsBrowser, type Plugin } from '@sluice/browser'
import { readList } from './shelf'

interface BookProperties {
  book_id: string
  title: string
  pages: number
}

/** Every event of this site with its properties: a misspelt name does not compile. */
interface Events {
  'Book Viewed': BookProperties
  'Book Added': BookProperties
  'Book Finished': BookProperties
  'Bookshop Visited': BookProperties
  'Club Joined': { club: string }
  'Club Left': object
}

// It takes calls from now on. Until `load` they wait in memory, each with the page and the time it was made.
export const analytics = new AnalyticsBrowser<Events>()

/** Adds to every event how long the reader's list is. */
const listLength: Plugin = {
  name: 'List length',
  type: 'enrichment',
  version: '1.0.0',
  isLoaded: () => true,
  load: async () => {},
  track: addListLength,
  page: addListLength,
}

function addListLength(...[ctx]: Parameters<NonNullable<Plugin['track']>>) {
  ctx.updateEvent('context.list', { books: readList().length })
  return ctx
}

void analytics.register(listLength)

analytics.on('error', ({ code, reason }) => console.warn('Something was not counted:', code, reason))

/** Call it when the reader agrees, and not before: until then nothing is sent and nothing is kept. */
export function startCounting(): void {
  const api = new URL(document.querySelector<HTMLMetaElement>('meta[name=tracking-api]')?.content ?? '')
  analytics.load(
    { writeKey: 'reading-list', cdnURL: api.origin },
    {
      integrations: {
        'Segment.io': { apiHost: `${api.host}/v1`, protocol: api.protocol === 'http:' ? 'http' : 'https' },
      },
    },
  )
}
