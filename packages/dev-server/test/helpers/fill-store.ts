import type { startDevServer } from './start-dev-server'
import { trackCall } from './start-dev-server'

/** Sends events named by their number, `m0` and so on, in batches. */
export async function fillStore(
  { post }: Pick<Awaited<ReturnType<typeof startDevServer>>, 'post'>,
  count: number,
  propertiesOf: (index: number) => Record<string, unknown>,
): Promise<void> {
  const events = Array.from({ length: count }, (_, index) =>
    trackCall({ messageId: `m${index}`, writeKey: undefined, properties: propertiesOf(index) }),
  )
  const eventBytes = JSON.stringify(events[0]).length
  const perBatch = Math.min(2_000, Math.floor(400_000 / eventBytes))
  for (let start = 0; start < count; start += perBatch) {
    const { status } = await post('/v1/batch', {
      writeKey: 'dev',
      batch: events.slice(start, start + perBatch),
    })
    if (status !== 200) throw new Error(`A batch was answered ${status}`)
  }
}
