/** Runs in a page, before its scripts: counts what they read from and write to storage. */
export function countStorage() {
  const counts = { localReads: 0, localWrites: 0, listings: 0, cookieReads: 0, cookieWrites: 0 }
  const watch = (object, method, kind) => {
    const original = object[method]
    object[method] = function (...args) {
      if (kind !== 'listings' || args[0] === localStorage) counts[kind]++
      return original.apply(this, args)
    }
  }
  watch(Storage.prototype, 'getItem', 'localReads')
  watch(Storage.prototype, 'setItem', 'localWrites')
  watch(Storage.prototype, 'removeItem', 'localWrites')
  watch(Storage.prototype, 'key', 'localReads')
  watch(Object, 'keys', 'listings')
  const cookie = Object.getOwnPropertyDescriptor(Document.prototype, 'cookie')
  Object.defineProperty(Document.prototype, 'cookie', {
    ...cookie,
    get() {
      counts.cookieReads++
      return cookie.get.call(this)
    },
    set(text) {
      counts.cookieWrites++
      cookie.set.call(this, text)
    },
  })
  window.takeCounts = () => {
    const taken = { ...counts }
    for (const kind of Object.keys(counts)) counts[kind] = 0
    return taken
  }
}
