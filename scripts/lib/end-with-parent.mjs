/**
 * Ends this process, as if by SIGTERM, when the one that started it is gone. Between npm and a script stands a shell
 * which, asked to end, ends without passing that on.
 */
export function endWithParent() {
  const parent = process.ppid
  const watch = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(watch)
    process.kill(process.pid, 'SIGTERM')
  }, 500)
  watch.unref()
}
