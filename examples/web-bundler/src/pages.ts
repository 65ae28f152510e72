/** The pages, by path. */
import { type Book, books, findBook } from './books'
import { html, type Markup } from './html'
import { readList, readReader } from './shelf'

export interface Page {
  readonly title: string
  /** What kind of page it is, where there are many of a kind. */
  readonly category: string | null
  readonly body: Markup
  /** What the page is about, if it is about a book. */
  readonly book?: Book
}

export function pageAt(path: string): Page {
  const [, place = '', id = ''] = path.split('/')
  const book = place === 'books' ? findBook(id) : undefined
  if (book) return bookPage(book)
  if (place === '') return shelfPage()
  if (place === 'list') return listPage()
  if (place === 'club') return clubPage()
  return {
    title: 'Nothing here',
    category: null,
    body: html`<h1>This page was torn out</h1><p><a href="/">Back to the books</a></p>`,
  }
}

const shelfPage = (): Page => ({
  title: 'Books',
  category: null,
  body: html`<h1>What to read next</h1>
    <div class="shelf">${books.map(
      (book) => html`<a class="card" href="/books/${book.id}">
        ${cover(book)}
        <span>${book.title}</span>
        <small>${book.author}</small>
      </a>`,
    )}</div>`,
})

function bookPage(book: Book): Page {
  const isListed = readList().includes(book.id)
  return {
    title: book.title,
    category: 'Book',
    book,
    body: html`<article class="book">
      ${cover(book)}
      <div>
        <h1>${book.title}</h1>
        <p class="by">${book.author}, ${book.year} · ${book.pages} pages</p>
        <p>${book.about}</p>
        <p class="actions">
          ${isListed ? html`<span class="done">On your list</span>` : button('add', 'Put it on the list', book)}
          <a href="/bookshop.html?book=${book.id}" data-action="buy" data-book="${book.id}" data-leaves>Buy it next door</a>
        </p>
      </div>
    </article>`,
  }
}

function listPage(): Page {
  const listed = readList().flatMap((id) => findBook(id) ?? [])
  const rows = listed.map(
    (book) => html`<li>
      ${cover(book)}
      <div><a href="/books/${book.id}">${book.title}</a><small>${book.author}</small></div>
      ${button('finish', 'I have read it', book)}
    </li>`,
  )
  return {
    title: 'Your list',
    category: null,
    body: html`<h1>Your list</h1>
      ${rows.length > 0 ? html`<ul class="list">${rows}</ul>` : html`<p>Nothing on it. <a href="/">Have a look around.</a></p>`}`,
  }
}

function clubPage(): Page {
  const reader = readReader()
  return {
    title: 'Club',
    category: null,
    body: reader
      ? html`<h1>Good to see you, ${reader.name}</h1>
          <p>The Tuesday club meets at seven. Bring the book, or an excuse.</p>
          <p class="actions"><button type="button" data-action="leave-club">Leave the club</button></p>`
      : html`<h1>The Tuesday club</h1>
          <p>One book a month, read by everybody, finished by some.</p>
          <form data-action="join-club">
            <label>Name <input name="name" required autocomplete="name" /></label>
            <label>E-mail <input name="email" type="email" required autocomplete="email" /></label>
            <button class="strong">Join</button>
          </form>`,
  }
}

const cover = ({ title, author, hue }: Book) =>
  html`<span class="cover" style="--hue: ${hue}" aria-hidden="true"><b>${title}</b><i>${author}</i></span>`

const button = (action: string, label: string, { id }: Book) =>
  html`<button type="button" class="strong" data-action="${action}" data-book="${id}">${label}</button>`
