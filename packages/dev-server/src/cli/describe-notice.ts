import type { EventRecord } from '../events/event-record'
import type { BatchNotice, Notice } from '../feed/notice'

const namesShown = 5

/** One line for one request. */
export function describeNotice(notice: Notice): string {
  const time = notice.receivedAt.slice(11, 23)
  switch (notice.kind) {
    case 'batch':
      return `${time}  ${notice.route} [${printable(notice.writeKey)}]  ${describeBatch(notice)}`
    case 'refused':
      return `${time}  ${notice.route}  refused ${notice.status ?? 'without an answer'}: ${printable(notice.message)}`
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
  const shown = events.slice(0, namesShown).map(describeEvent)
  const more = events.length > namesShown ? [`and ${events.length - namesShown} more`] : []
  return `${amounts.join(', ')}${shown.length === 0 ? '' : `: ${[...shown, ...more].join(', ')}`}`
}

function describeEvent(event: EventRecord): string {
  const name = `${event.type ?? 'event'}${event.event === null ? '' : ` "${printable(event.event)}"`}`
  return event.status === 'failed' ? `${name} (${event.failure.reason})` : name
}

// Names come from whoever sends; escape sequences in them must not reach the terminal.
function printable(text: string): string {
  return text.replace(/\p{C}/gu, '�').slice(0, 200)
}
