import { expect, it } from 'vitest'
import { createDeferred } from '../src'
import { singleFlight } from '../src/flow/single-flight'

function startFlights() {
  const runs: ReturnType<typeof createDeferred<string>>[] = []
  const call = singleFlight(() => {
    const run = createDeferred<string>()
    runs.push(run)
    return run.promise
  })
  return { runs, call }
}

it('shares one run between all who call while it is under way', async () => {
  const { runs, call } = startFlights()
  const callers = [call(), call(), call()]
  runs[0]?.resolve('token')

  expect(await Promise.all(callers)).toEqual(['token', 'token', 'token'])
  expect(runs).toHaveLength(1)
})

it('runs again for whoever calls afterwards', async () => {
  const { runs, call } = startFlights()
  const first = call()
  runs[0]?.resolve('old')
  await first
  const second = call()
  runs[1]?.resolve('new')

  expect(await second).toBe('new')
})

it('shares a failure, too, and does not keep it', async () => {
  const { runs, call } = startFlights()
  const callers = [call(), call()]
  runs[0]?.reject(new Error('down'))
  expect(await Promise.allSettled(callers)).toEqual([
    { status: 'rejected', reason: new Error('down') },
    { status: 'rejected', reason: new Error('down') },
  ])

  const next = call()
  runs[1]?.resolve('up')

  expect(await next).toBe('up')
})

it('is free again when starting the run throws', async () => {
  let isBroken = true
  const call = singleFlight(() => {
    if (isBroken) throw new Error('broken')
    return Promise.resolve('repaired')
  })
  expect(call).toThrow('broken')
  isBroken = false

  expect(await call()).toBe('repaired')
})
