/** The books on the shelf. */
export interface Book {
  readonly id: string
  readonly title: string
  readonly author: string
  readonly year: number
  readonly pages: number
  readonly about: string
  /** Of its cover, as a hue from 0 to 360. */
  readonly hue: number
}

export const books: readonly Book[] = [
  {
    id: 'persuasion',
    title: 'Persuasion',
    author: 'Jane Austen',
    year: 1817,
    pages: 249,
    about: 'Eight years after saying no to a sailor, Anne Elliot has to share a drawing room with him.',
    hue: 342,
  },
  {
    id: 'middlemarch',
    title: 'Middlemarch',
    author: 'George Eliot',
    year: 1871,
    pages: 880,
    about: 'A town, two bad marriages, one good one, and everybody else’s opinion of all three.',
    hue: 88,
  },
  {
    id: 'the-moonstone',
    title: 'The Moonstone',
    author: 'Wilkie Collins',
    year: 1868,
    pages: 528,
    about: 'A diamond is stolen in the night, and eleven people tell what they think they saw.',
    hue: 262,
  },
  {
    id: 'twenty-thousand-leagues',
    title: 'Twenty Thousand Leagues',
    author: 'Jules Verne',
    year: 1870,
    pages: 394,
    about: 'Three guests aboard a submarine find that its captain never lets anybody off.',
    hue: 200,
  },
  {
    id: 'the-awakening',
    title: 'The Awakening',
    author: 'Kate Chopin',
    year: 1899,
    pages: 195,
    about: 'One summer by the sea is enough for Edna to find out whose life she has been living.',
    hue: 24,
  },
  {
    id: 'the-time-machine',
    title: 'The Time Machine',
    author: 'H. G. Wells',
    year: 1895,
    pages: 118,
    about: 'He leaves after dinner, is back by next Thursday, and nobody quite believes the flowers.',
    hue: 172,
  },
]

export const findBook = (id: string) => books.find((book) => book.id === id)
