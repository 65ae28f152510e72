import { isThenable } from './thenable'

/** Counts tasks that others have to wait for, such as plugins that are still loading. */
export interface TaskGroup {
  /** Runs `operation` at once and gives back what it gave. If that is a promise, the group is busy until it settles. */
  run<T>(operation: () => T): T
  /** The end of everything that is running now; nothing when the group is idle. */
  done(): Promise<void> | undefined
}

export function createTaskGroup(): TaskGroup {
  let running = 0
  let idle: Promise<void> | undefined
  let becomeIdle: () => void = () => {}

  const finish = () => {
    running--
    if (running > 0) return
    idle = undefined
    becomeIdle()
  }

  return {
    run(operation) {
      const result = operation()
      if (isThenable(result)) {
        running++
        idle ??= new Promise<void>((resolve) => {
          becomeIdle = resolve
        })
        Promise.resolve(result).then(finish, finish)
      }
      return result
    },
    done: () => idle,
  }
}
