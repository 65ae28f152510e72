/**
 * The tables of the store. Accepted and failed events share one table, so that one number orders everything that arrived.
 * AUTOINCREMENT keeps that number growing over a reset: a stream's cursor never points at two different events.
 */
export const schema = `
  create table if not exists events (
    seq integer primary key autoincrement,
    status text not null,
    write_key text not null,
    message_id text not null,
    type text,
    event text,
    user_id text,
    anonymous_id text,
    channel text not null,
    received_at integer not null,
    reason text,
    field text,
    message text,
    payload text not null
  );
  create unique index if not exists accepted_once on events (message_id, write_key) where status = 'accepted';
  create index if not exists failed_events on events (seq, message_id) where status = 'failed';
  create index if not exists events_by_name on events (event);
  create index if not exists events_by_user on events (user_id);
  create table if not exists counters (name text primary key, value integer not null) without rowid;
`
