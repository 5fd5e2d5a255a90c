/** Rows on their way into the database by COPY: gathered as text, a table each, and sent in the order of foreign keys. */
import { pipeline } from 'node:stream/promises';
import { Readable } from 'node:stream';
import { from as copyFrom } from 'pg-copy-streams';
import type { Tx } from '../connect.ts';

/** What a cell can hold; instants and JSON come as text. */
export type Cell = string | number | boolean | null;

/** The tables that are filled, parents first, with their columns in the order of the rows. */
export const SEED_TABLES = {
  orders: `id number channel external_id origin lifecycle direction undo_cause undo_actor undo_reason payment_status
    fulfillment_status attention version policy_version currency subtotal_minor discount_minor shipping_minor tax_minor
    total_minor totals line_count unit_count recipient_contact ship_country payment_method payment_token payment_number
    payment_paid payment_time customer_note attributes metadata tags placed_at promised_by release_at completed_at
    cancelled_at idempotency_key fingerprint event_seq created_at updated_at stage stage_since counted`,
  contacts: 'id order_id role name email phone line1 city region postal_code country created_at',
  order_lines: `order_id line_no sku name variant attributes unit_net_minor unit_gross_minor discount_minor discounts
    tax_minor tax_lines total_minor weight_grams quantity cancelled allocated fulfilled shipped delivered`,
  fulfillment_orders: `id order_id seq location state amount_minor payment_attempt weight_grams submitted_at packed_at closed_at`,
  fulfillment_lines: 'fulfillment_id line_no sku quantity',
  payments: `id order_id fulfillment_id attempt method provider provider_ref state currency amount_minor authorized_minor
    captured_minor voided_minor capture_claimed_minor method_details failure_code created_at`,
  operations:
    'key order_id kind subject amount_minor state provider_ref failure_code first_try_at settled_at',
  ledger: 'key account order_id amount_minor currency at',
  shipments: `id order_id fulfillment_id attempt state carrier service tracking_code provider_ref dispatch_at booked_at
    handed_over_at delivered_at last_scan_at`,
  scans: 'shipment_id key status detail message occurred_at received_at',
  waits:
    'order_id subject kind awaited_from since deadline_at then_what tries policy_version ended_at ended_as',
  cases: 'id order_id subject code attention owner detail opened_at resolved_at resolution',
  events: 'id order_id seq channel type actor data created_at',
  order_stages: 'order_id channel stage since until',
  stock_movements: 'key sku location kind on_hand_delta allocated_delta order_id reason actor created_at',
  report_deltas: 'report day channel country currency key n units amount_minor',
  // Counted by their trigger, so they come after the rows that it looks up.
  payment_events: 'order_id payment_id type reference amount_minor currency source provider_ref code at',
} as const;
/** A table that is filled. */
export type SeedTable = keyof typeof SEED_TABLES;

const TABLE_NAMES = Object.keys(SEED_TABLES) as SeedTable[];
const ESCAPED: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };
const SPECIAL = /[\\\t\n\r]/;
const EVERY_SPECIAL = /[\\\t\n\r]/g;

const BUFFER_BYTES = 1 << 18;

/**
 * For the rest of the transaction, where it may be said at all: triggers fire again (see `store` in run.ts), and look rows up
 * by their keys; on tables without statistics each batch would read all that came before it.
 */
const TRIGGERS_AGAIN = `
select set_config(name, value, true) from (values ('session_replication_role', 'origin'), ('enable_seqscan', 'off'),
  ('enable_hashjoin', 'off'), ('enable_mergejoin', 'off')) as s (name, value)
where has_parameter_privilege('session_replication_role', 'set')`;

/** The rows of one table as bytes: kept as so many small strings they cost more to collect than to make. */
class TableBytes {
  count = 0;
  readonly #full: Buffer[] = [];
  #bytes = Buffer.allocUnsafe(BUFFER_BYTES);
  #length = 0;

  write(row: string): void {
    // A UTF-16 unit takes three bytes at most.
    if (this.#length + row.length * 3 > this.#bytes.length) {
      this.#full.push(this.#bytes.subarray(0, this.#length));
      this.#bytes = Buffer.allocUnsafe(Math.max(BUFFER_BYTES, row.length * 3));
      this.#length = 0;
    }
    this.#length += this.#bytes.write(row, this.#length);
    this.count += 1;
  }

  chunks(): Buffer[] {
    return [...this.#full, this.#bytes.subarray(0, this.#length)];
  }
}

/** Rows by table. */
export class SeedRows {
  readonly #tables = new Map<SeedTable, TableBytes>();

  /** Adds one row; its cells stand in the order of the table's columns. */
  add(table: SeedTable, cells: readonly Cell[]): void {
    let rows = this.#tables.get(table);
    if (!rows) {
      rows = new TableBytes();
      this.#tables.set(table, rows);
    }
    let row = '';
    for (const cell of cells) row += row === '' ? cellText(cell) : `\t${cellText(cell)}`;
    rows.write(`${row}\n`);
  }

  /** Sends everything within the transaction; returns how many rows. */
  async send(tx: Tx): Promise<number> {
    let count = 0;
    for (const table of TABLE_NAMES) {
      const rows = this.#tables.get(table);
      if (!rows) continue;
      if (table === 'payment_events') await tx.query(TRIGGERS_AGAIN);
      const columns = SEED_TABLES[table].split(/\s+/).join(', ');
      await pipeline(
        Readable.from(rows.chunks()),
        tx.query(copyFrom(`copy ${table} (${columns}) from stdin`)),
      );
      count += rows.count;
    }
    return count;
  }
}

function cellText(cell: Cell): string {
  if (cell === null) return '\\N';
  if (typeof cell !== 'string') return String(cell);
  return SPECIAL.test(cell) ? cell.replaceAll(EVERY_SPECIAL, (one) => ESCAPED[one] ?? one) : cell;
}

/** Slugs as an array of PostgreSQL. */
export function arrayText(words: readonly string[]): string {
  return `{${words.join(',')}}`;
}

let lastMillis = 0;
let lastText = new Date(0).toISOString();

/** An instant as text, or null. The last one is remembered: most rows of one step share it. */
export function at(millis: number | null): string | null {
  if (millis === null) return null;
  if (millis !== lastMillis) {
    lastMillis = millis;
    lastText = new Date(millis).toISOString();
  }
  return lastText;
}
