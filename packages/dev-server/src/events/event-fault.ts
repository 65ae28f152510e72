/**
 * Why an event failed on ingest.
 *
 * - `event_not_object`: the item of the batch is not a JSON object
 * - `invalid_type`: `type` is missing or none of the six
 * - `no_user_anon_id`: neither `userId` nor `anonymousId`
 * - `event_name_missing`: a track call without `event`
 * - `group_id_missing`, `previous_id_missing`: a group or alias call without what it is about
 * - `event_too_large`: the event alone is over the limit
 * - `batch_too_many_events`: the event stands beyond the last place of a batch
 * - `message_id_too_long`: `messageId` is over the limit
 * - `field_not_string`, `field_not_object`: a known field holds something else
 * - `invalid_timestamp`: `timestamp` is not a date
 * - `nested_too_deep`: the event cannot be written as JSON again
 */
export type FaultReason =
  | 'event_not_object'
  | 'invalid_type'
  | 'no_user_anon_id'
  | 'event_name_missing'
  | 'group_id_missing'
  | 'previous_id_missing'
  | 'event_too_large'
  | 'batch_too_many_events'
  | 'message_id_too_long'
  | 'field_not_string'
  | 'field_not_object'
  | 'invalid_timestamp'
  | 'nested_too_deep'

/** One event's fault: a reason to count by, the field it is in, and a sentence to read. */
export interface EventFault {
  reason: FaultReason
  /** Where in the event, such as `properties` or `context`. Absent when the event as a whole is meant. */
  field?: string
  message: string
}
