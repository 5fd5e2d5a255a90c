/**
 * The bare counterpart of B3: JSON parse and one prepared statement that writes the rows of the same order; no auth,
 * no checks, no log. Its own process, as the API is.
 */
import { randomUUID } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { connect } from '../../db/connect.ts';
import { newId } from '../../db/ids.ts';

const SQL = `
with claimed as (
  insert into idempotency (scope, key, fingerprint, order_id, status, answer) values ('demo', $2, $3, $1, 201, $4)
), placed as (
  insert into orders (id, number, channel, external_id, origin, policy_version, currency, subtotal_minor, discount_minor,
    shipping_minor, tax_minor, total_minor, totals, line_count, unit_count, recipient_contact, ship_country,
    payment_method, payment_token, placed_at, idempotency_key, fingerprint, due_at)
  values ($1, $5, 'demo', $6, 'api', 1, $7, $8, 0, 0, 0, $8, $9, $10::int, $10::int, $11, $12, 'card', $13, now(), $2, $3, now())
), lines as (
  insert into order_lines (order_id, line_no, sku, name, unit_net_minor, total_minor, quantity)
  select $1, row_number() over (), l.sku, l.sku, (l."unitPrice" ->> 'amount')::bigint, (l.total ->> 'amount')::bigint, l.quantity
  from json_to_recordset($14) as l (sku text, quantity int, "unitPrice" json, total json)
), people as (
  insert into contacts (id, order_id, role, name, email, line1, city, region, postal_code, country)
  values ($11, $1, 'recipient', $15, $16, $17, $18, $19, $20, $12)
), logged as (
  insert into events (order_id, seq, channel, type, actor, data) values ($1, 1, 'demo', 'order.placed', 'bare', $9)
)
insert into outbox (lane, order_id, not_before) values ('start', $1, now() + interval '1 hour')`;

const [databaseUrl = ''] = process.argv.slice(2);
const db = connect({ url: databaseUrl, max: 20 });
// Far above every real number, so that both can write into one table.
let number = 10_000_000_000 + (Date.now() % 1_000_000) * 100_000;

/** The same answer as the API stores and sends. */
function summaryOf(id: string, order: { externalId: string; lines: unknown[]; totals: { total: unknown } }) {
  const now = new Date().toISOString();
  return {
    ...{
      id,
      number,
      channel: 'demo',
      externalId: order.externalId,
      status: 'received',
      lifecycle: 'received',
    },
    ...{
      paymentStatus: 'none',
      fulfillmentStatus: 'unfulfilled',
      returnStatus: 'none',
      attention: [],
      holds: [],
    },
    ...{ total: order.totals.total, lineCount: order.lines.length, placedAt: now, createdAt: now },
    ...{ promisedBy: null, releaseAt: null, version: 1 },
  };
}

const app = express();
app.disable('x-powered-by');
app.use(express.json());
app.post('/v1/orders', async (request, response) => {
  const order = request.body;
  const id = newId('ord');
  const key = request.get('idempotency-key') ?? randomUUID();
  number += 1;
  const answer = JSON.stringify(summaryOf(id, order));
  const { recipient, shippingAddress: to } = order;
  await db.pool.query({
    name: 'bare',
    text: SQL,
    values: [
      ...[id, key, 'bare', answer, number, order.externalId, order.currency, order.totals.total.amount],
      ...[JSON.stringify(order.totals), order.lines.length, newId('con'), to.country, order.payment.token],
      ...[JSON.stringify(order.lines), recipient.name, recipient.email],
      ...[to.line1, to.city, to.region, to.postalCode],
    ],
  });
  response.status(201).type('json').send(answer);
});
const server = app.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo;
  process.stdout.write(`${port}\n`);
});
