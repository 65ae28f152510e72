import type { EventRecord, FailedEvent } from '../events/event-record'
import type { BatchNotice, Notice } from '../feed/notice'
import { printable } from './printable'

const namesShown = 5
const faultsShown = 20
const indent = ' '.repeat('00:00:00.000  '.length)

/** One line for each request, and one more for each event in it that failed. */
export function describeNotice(notice: Notice): string {
  const time = notice.receivedAt.slice(11, 23)
  switch (notice.kind) {
    case 'batch':
      return [
        `${time}  ${notice.route} [${printable(notice.writeKey)}]  ${describeBatch(notice)}`,
        ...describeFaults(notice.events),
      ].join(`\n${indent}`)
    case 'refused':
      return `${time}  ${printable(notice.route)}  refused ${notice.status ?? 'without an answer'}: ${printable(notice.message)}`
    case 'reset':
      return `${time}  reset: everything is forgotten`
  }
}

function describeBatch({ accepted, duplicates, failed, events }: BatchNotice): string {
  const amounts = [
    `${accepted} accepted`,
    ...(duplicates === 0 ? [] : [`${duplicates} duplicate`]),
    ...(failed === 0 ? [] : [`${failed} failed`]),
  ]
  const shown = events.slice(0, namesShown).map(nameEvent)
  const more = events.length > namesShown ? [`and ${events.length - namesShown} more`] : []
  return `${amounts.join(', ')}${shown.length === 0 ? '' : `: ${[...shown, ...more].join(', ')}`}`
}

function describeFaults(events: readonly EventRecord[]): string[] {
  const failed = events.filter((event) => event.status === 'failed')
  const more = failed.length - faultsShown
  return [
    ...failed.slice(0, faultsShown).map(describeFault),
    ...(more > 0 ? [`and ${more} more failed: see /api/events?status=failed`] : []),
  ]
}

function describeFault(event: FailedEvent): string {
  const { reason, field, message } = event.failure
  const where = field === undefined ? '' : ` in ${field}`
  return `failed: ${nameEvent(event)}, ${reason}${where}: ${printable(message)} (${printable(event.messageId)})`
}

function nameEvent({ type, event }: EventRecord): string {
  return `${type ?? 'event'}${event === null ? '' : ` "${printable(event)}"`}`
}
