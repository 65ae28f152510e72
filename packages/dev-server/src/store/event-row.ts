import { isDateMs } from '../events/correct-timestamp'
import type { EventFault, FaultReason } from '../events/event-fault'
import type { Channel } from '../events/event-record'
import { type EventType, isEventType } from '../events/event-type'
import type { PreparedEvent } from '../events/prepare-event'
import { originalText, storableText } from './storable-text'
import { parsePayload, type StoredEvent } from './stored-event'

const columnNames = [
  'status',
  'write_key',
  'message_id',
  'type',
  'event',
  'user_id',
  'anonymous_id',
  'channel',
  'received_at',
  'reason',
  'field',
  'message',
  'payload',
] as const

type Column = (typeof columnNames)[number]

/** The columns of an event, in the order in which rows are written and read. */
export const columns = columnNames.join(', ')

/** As many question marks. */
export const placeholders = columnNames.map(() => '?').join(', ')

/** An event as a row. */
export function toRow(event: PreparedEvent): (string | number | null)[] {
  const failure: Partial<EventFault> = event.status === 'failed' ? event.failure : {}
  return [
    event.status,
    storableText(event.writeKey),
    storableText(event.messageId),
    event.type,
    storableText(event.event),
    storableText(event.userId),
    storableText(event.anonymousId),
    event.channel,
    event.receivedAt,
    failure.reason ?? null,
    failure.field ?? null,
    failure.message ?? null,
    event.json,
  ]
}

/**
 * The event in a row that was read as `seq` and `columns`. A file can be damaged, and other programs can write to it: what
 * cannot be read is left out and named in `damage`, so that one bad row does not hide the others.
 */
export function fromRow([seq, ...cells]: readonly unknown[]): StoredEvent {
  const unreadable: string[] = []
  const read = <Value>(column: Column, is: (cell: unknown) => cell is Value, otherwise: Value): Value => {
    const cell = cells[columnNames.indexOf(column)]
    if (is(cell)) return cell
    unreadable.push(column)
    return otherwise
  }
  const readText = (column: Column): string | null => {
    const text = read(column, isTextOrNull, null)
    return text === null ? null : originalText(text)
  }

  const status = read('status', isStatus, 'failed')
  const type = read('type', isTypeOrNull, null)
  const facts = {
    seq: Number(seq),
    writeKey: readText('write_key') ?? '',
    messageId: readText('message_id') ?? '',
    event: readText('event'),
    userId: readText('user_id'),
    anonymousId: readText('anonymous_id'),
    channel: read('channel', isChannel, 'server'),
    receivedAt: read('received_at', isDateMs, 0),
    json: read('payload', isJson, 'null'),
  }
  const reason = readText('reason')
  const field = readText('field')
  const message = readText('message') ?? ''
  const damage = unreadable.length === 0 ? {} : { damage: `The store cannot read ${unreadable.join(', ')}` }
  if (status === 'accepted' && type !== null) return { ...facts, status, type, ...damage }
  return {
    ...facts,
    status: 'failed',
    type,
    failure: {
      // This server wrote it, so it is one of its reasons.
      reason: (reason ?? 'invalid_type') as FaultReason,
      ...(field === null ? {} : { field }),
      message,
    },
    ...damage,
  }
}

function isTextOrNull(cell: unknown): cell is string | null {
  return cell === null || typeof cell === 'string'
}

function isStatus(cell: unknown): cell is StoredEvent['status'] {
  return cell === 'accepted' || cell === 'failed'
}

function isTypeOrNull(cell: unknown): cell is EventType | null {
  return cell === null || isEventType(cell)
}

function isChannel(cell: unknown): cell is Channel {
  return cell === 'server' || cell === 'client'
}

function isJson(cell: unknown): cell is string {
  return typeof cell === 'string' && parsePayload(cell) !== undefined
}
