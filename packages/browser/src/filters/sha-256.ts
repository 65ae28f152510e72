/** The SHA-256 of bytes, at once: browsers tell it only by a promise, and on secure pages alone. */
export function sha256(bytes: Uint8Array): Uint8Array {
  const { initial, rounds } = constants()
  const state = initial.slice()
  const padded = pad(bytes)
  const words = new Uint32Array(64)
  for (let block = 0; block < padded.byteLength; block += 64) {
    for (let i = 0; i < 16; i++) words[i] = padded.getUint32(block + 4 * i)
    for (let i = 16; i < 64; i++) {
      const [early, late] = [at(words, i - 15), at(words, i - 2)]
      const mixedEarly = turn(early, 7) ^ turn(early, 18) ^ (early >>> 3)
      const mixedLate = turn(late, 17) ^ turn(late, 19) ^ (late >>> 10)
      words[i] = at(words, i - 16) + mixedEarly + at(words, i - 7) + mixedLate
    }
    compress(state, words, rounds)
  }
  const digest = new DataView(new ArrayBuffer(32))
  state.forEach((word, i) => {
    digest.setUint32(4 * i, word)
  })
  return new Uint8Array(digest.buffer)
}

/** The keyed hash of bytes (HMAC). */
export function keyedSha256(key: Uint8Array, bytes: Uint8Array): Uint8Array {
  const block = new Uint8Array(64)
  block.set(key.length > 64 ? sha256(key) : key)
  const masked = (mask: number) => block.map((byte) => byte ^ mask)
  return sha256(joined(masked(0x5c), sha256(joined(masked(0x36), bytes))))
}

function compress(state: Uint32Array, words: Uint32Array, rounds: Uint32Array): void {
  let [a, b, c, d, e, f, g, h] = Array.from(state) as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ]
  for (let i = 0; i < 64; i++) {
    const choice = (e & f) ^ (~e & g)
    const majority = (a & b) ^ (a & c) ^ (b & c)
    const first = h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + choice + at(rounds, i) + at(words, i)
    const second = (turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + majority
    ;[a, b, c, d, e, f, g, h] = [(first + second) | 0, a, b, c, (d + first) | 0, e, f, g]
  }
  ;[a, b, c, d, e, f, g, h].forEach((word, i) => {
    state[i] = at(state, i) + word
  })
}

/** The bytes, a one and zeros, and at the end how many bits they were: a whole number of blocks. */
function pad(bytes: Uint8Array): DataView {
  const padded = new Uint8Array(Math.ceil((bytes.length + 9) / 64) * 64)
  padded.set(bytes)
  padded[bytes.length] = 0x80
  const view = new DataView(padded.buffer)
  view.setUint32(padded.length - 8, bytes.length / 0x2000_0000)
  view.setUint32(padded.length - 4, bytes.length << 3)
  return view
}

const turn = (word: number, bits: number) => (word >>> bits) | (word << (32 - bits))

const at = (words: Uint32Array, index: number) => words[index] ?? 0

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  const both = new Uint8Array(first.length + second.length)
  both.set(first)
  both.set(second, first.length)
  return both
}

interface Constants {
  readonly initial: Uint32Array
  readonly rounds: Uint32Array
}

let known: Constants | undefined

/** The first bits behind the point of the roots of the first primes: square roots to begin with, cube roots for the rounds. */
function constants(): Constants {
  if (known) return known
  const primes: number[] = []
  for (let number = 2; primes.length < 64; number++) {
    if (primes.every((prime) => number % prime !== 0)) primes.push(number)
  }
  const bits = (root: number) => (root % 1) * 0x1_0000_0000
  known = {
    initial: Uint32Array.from(primes.slice(0, 8), (prime) => bits(Math.sqrt(prime))),
    rounds: Uint32Array.from(primes, (prime) => bits(Math.cbrt(prime))),
  }
  return known
}
