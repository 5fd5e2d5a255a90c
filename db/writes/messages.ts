/**
 * The inbox, from the outside: facts of the warehouse, the carrier and the gateway, and commands of people and channels,
 * each a row before anything is rung. Source and id are unique, so a repeat is no second row; the sequence of an order
 * is given under its row lock. A fact whose order isn't known yet is parked under what it waits for.
 */
import { answeredBy, confirmingStates } from '../../domain/gatewayNews.ts';
import { isUrgentScan, type Scan } from '../../domain/shipment.ts';
import { transaction, type Db, type Tx } from '../connect.ts';
import { newId } from '../ids.ts';
import type { AcceptedRef } from './intake.ts';

/** Who sent a fact. */
export type FactSource = 'warehouse' | 'carrier' | 'payment' | `shopify:${string}`;

/** A fact as an outside system reports it (the wire's form is providers/inbound.ts). `match` says which order it is about. */
export type NewFact = { sourceId: string; match: string } & (
  | {
      kind: 'warehouse_report';
      report: string;
      weightGrams?: number | undefined;
      note?: string | undefined;
      occurredAt: string;
    }
  | { kind: 'carrier_scans'; scans: Scan[] }
  | { kind: 'payment_event'; type: string }
  | { kind: 'channel_paid'; number: string; time: string; amountMinor: number }
);

/** What became of one fact. `ref` is set when the order's workflow has to hear of it now. */
export interface StoredFact {
  outcome: 'stored' | 'confirms' | 'repeated' | 'parked';
  orderId: string | null;
  ref?: AcceptedRef;
}

const REF = `o.id as "orderId", o.number, o.channel, o.currency, o.total_minor as "totalMinor", o.line_count as "lineCount",
  o.placed_at as "placedAt", o.promised_by as "promisedBy"`;

const FIND: Readonly<Record<NewFact['kind'], string>> = {
  warehouse_report: 'select order_id from fulfillment_orders where id = $1',
  carrier_scans:
    'select order_id from shipments where tracking_code = $1 order by booked_at desc nulls last limit 1',
  // By the gateway's reference, or by our own id where the reconciliation has found the payment.
  payment_event: 'select order_id from payments where provider_ref = $1 or id = $1 limit 1',
  // The match of a channel's payment is `<channel>/<externalId>`.
  channel_paid: `select id as order_id from orders where channel = split_part($1, '/', 1) and external_id = substr($1, strpos($1, '/') + 1)`,
};

function insertSql(find: string): string {
  return `
with target as (${find}),
seen as (select order_id from messages where source = $2 and source_id = $3),
bumped as (
  update orders o set message_seq = message_seq + 1 from target
  where o.id = target.order_id and not exists (select from seen) returning ${REF}, o.message_seq as seq
), stored as (
  insert into messages (id, source, source_id, order_id, match, seq, kind, actor, payload, ring_at, applied_at, outcome)
  select $4, $2, $3, "orderId", $1, seq, $5, $2, $6::jsonb, now() + interval '5 seconds',
    case when $7::boolean then now() end, case when $7::boolean then '{"applied":false,"detail":"confirms what is known"}'::jsonb end
  from bumped
  on conflict (source, source_id) do nothing returning id
)
select b.*, exists (select from stored) as is_stored, exists (select from seen) as is_repeated, t.order_id as "knownOrder"
from (select 1) one left join target t on true left join bumped b on true`;
}

const INSERT = new Map(
  Object.entries(FIND).map(([kind, find]) => [kind, { name: `fact_${kind}`, text: insertSql(find) }]),
);

interface InsertRow extends Omit<AcceptedRef, 'orderId'> {
  orderId: string | null;
  is_stored: boolean;
  is_repeated: boolean;
  knownOrder: string | null;
}

/**
 * Stores facts, each at most once, in the order given. Afterwards the caller rings for every answer that has a `ref`;
 * what is not rung, the relay takes five seconds later. Throws database errors: then the sender must send again.
 */
export async function storeFacts(
  db: Pick<Db, 'pool'>,
  source: FactSource,
  facts: readonly NewFact[],
): Promise<StoredFact[]> {
  const stored: StoredFact[] = [];
  for (const fact of facts) stored.push(await storeFact(db, source, fact));
  return stored;
}

async function storeFact(db: Pick<Db, 'pool'>, source: FactSource, fact: NewFact): Promise<StoredFact> {
  const confirms = fact.kind === 'payment_event' && (await onlyConfirms(db, fact));
  const row = await insertFact(db.pool, { source, fact, confirms });
  if (row.knownOrder === null && !row.is_repeated) return park(db, { source, fact, confirms });
  return outcomeOf(row, fact, confirms);
}

function outcomeOf(row: InsertRow, fact: NewFact, confirms: boolean): StoredFact {
  const { orderId, is_stored, is_repeated: _, knownOrder, ...rest } = row;
  if (!is_stored || orderId === null) return { outcome: 'repeated', orderId: knownOrder };
  if (confirms) return { outcome: 'confirms', orderId };
  return { outcome: 'stored', orderId, ...(isUrgent(fact) && { ref: { ...rest, orderId } }) };
}

interface FactToInsert {
  source: FactSource;
  fact: NewFact;
  confirms: boolean;
}

async function insertFact(
  on: Pick<Tx, 'query'>,
  { source, fact, confirms }: FactToInsert,
): Promise<InsertRow> {
  const statement = INSERT.get(fact.kind);
  if (!statement) throw new RangeError(`no such fact ${fact.kind}`);
  const { sourceId, match, kind, ...payload } = fact;
  const { rows } = await on.query<InsertRow>({
    ...statement,
    values: [match, source, sourceId, newId('fct'), kind, JSON.stringify(payload), confirms],
  });
  const row = rows[0];
  if (!row) throw new Error('storing a fact gave no answer');
  return row;
}

/** Looks once more under the match's lock (its order may just have learned it), then parks the fact. */
async function park(db: Pick<Db, 'pool'>, given: FactToInsert): Promise<StoredFact> {
  return transaction(db.pool, async (tx) => {
    const { fact, source } = given;
    await lockMatch(tx, fact.match);
    const row = await insertFact(tx, given);
    if (row.knownOrder !== null || row.is_repeated) return outcomeOf(row, fact, given.confirms);
    const { sourceId, match, kind, ...payload } = fact;
    const { rowCount } = await tx.query(
      `insert into messages (id, source, source_id, match, kind, actor, payload) values ($1, $2, $3, $4, $5, $2, $6)
       on conflict (source, source_id) do nothing`,
      [newId('fct'), source, sourceId, match, kind, JSON.stringify(payload)],
    );
    return { outcome: rowCount ? 'parked' : 'repeated', orderId: null };
  });
}

async function lockMatch(tx: Pick<Tx, 'query'>, match: string): Promise<void> {
  await tx.query('select pg_advisory_xact_lock(hashtextextended($1, 7))', [match]);
}

/**
 * Gives the order what was parked under `match` (a share id, a tracking code, a payment reference). Call it in the
 * transaction that stores the match, under the order's row lock, after storing it. Returns how many facts came home.
 */
export async function adoptParked(
  tx: Pick<Tx, 'query'>,
  given: { orderId: string; match: string },
): Promise<number> {
  await lockMatch(tx, given.match);
  const { rowCount } = await tx.query(
    `with parked as (
       select id, row_number() over (order by received_at, id) as n from messages where match = $2 and order_id is null
     ), bumped as (
       update orders set message_seq = message_seq + (select count(*)::int from parked) where id = $1
         and exists (select from parked) returning message_seq
     )
     update messages m set order_id = $1, seq = b.message_seq - (select count(*)::int from parked) + p.n, ring_at = now()
     from parked p, bumped b where m.id = p.id`,
    [given.orderId, given.match],
  );
  return rowCount ?? 0;
}

/** What makes the workflow act. `accepted`, `picking` and most scans only move the order along: the next ring takes them. */
function isUrgent(fact: NewFact): boolean {
  if (fact.kind === 'carrier_scans') return fact.scans.some((scan) => isUrgentScan(scan.status));
  return fact.kind !== 'warehouse_report' || fact.report === 'packed' || fact.report === 'rejected';
}

/** True when the payments row says it already, or the step that did it is just being settled by its own activity. */
async function onlyConfirms(
  db: Pick<Db, 'pool'>,
  fact: NewFact & { kind: 'payment_event' },
): Promise<boolean> {
  const states = confirmingStates(fact.type);
  if (!states) return false;
  const { rows } = await db.pool.query<{ confirms: boolean }>({
    name: 'payment_event_confirms',
    text: `select p.state = any ($2) or exists (
        select from operations op where op.order_id = p.order_id and op.subject = p.id and op.state = 'requested'
          and op.kind = $3 and op.first_try_at > now() - interval '30 seconds') as confirms
      from payments p where p.provider_ref = $1 limit 1`,
    values: [fact.match, states, answeredBy(fact.type)],
  });
  return rows[0]?.confirms ?? false;
}
