/** What happens when the reader does something: the thing itself, and next to it what is told of it. */
import { analytics } from './analytics'
import { type Book, findBook } from './books'
import { agree, refuse, withdraw } from './consent'
import { addToList, joinClub, leaveClub, takeFromList } from './shelf'

/** By the `data-action` of what was clicked or submitted. */
export const actions: Record<string, (element: HTMLElement) => void> = {
  agree,
  refuse,
  withdraw,

  add(element) {
    const book = bookOf(element)
    addToList(book.id)
    analytics.track('Book Added', describe(book))
  },

  finish(element) {
    const book = bookOf(element)
    takeFromList(book.id)
    analytics.track('Book Finished', describe(book))
  },

  // The browser goes to the shop right after this. The event gets through all the same, so nobody has to wait for it.
  buy(element) {
    analytics.track('Bookshop Visited', describe(bookOf(element)))
  },

  'join-club'(element) {
    if (!(element instanceof HTMLFormElement)) return
    const form = new FormData(element)
    const reader = joinClub(String(form.get('name')), String(form.get('email')))
    // First who they are and what they belong to, then what they did.
    analytics.identify(reader.id, { name: reader.name, email: reader.email })
    analytics.group('tuesday', { name: 'The Tuesday club' })
    analytics.track('Club Joined', { club: 'tuesday' })
  },

  'leave-club'() {
    leaveClub()
    // Told before it is forgotten who it was. Whoever uses this browser next is somebody new.
    analytics.track('Club Left', {})
    analytics.reset()
  },
}

export const describe = ({ id, title, pages }: Book) => ({ book_id: id, title, pages })

function bookOf({ dataset }: HTMLElement): Book {
  const book = findBook(dataset.book ?? '')
  if (!book) throw new Error(`There is no book ${dataset.book}`)
  return book
}
