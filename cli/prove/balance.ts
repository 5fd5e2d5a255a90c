/**
 * The balance of an import: every invoice is an order or was refused with a reason; the sums of the file, of Holdfast
 * and of the payment gateway agree to the minor unit; stock on hand plus what was shipped is what was seeded.
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { OrderDetail } from '../../api/schemas/orders.ts';
import { presetMapping } from '../import/mapping.ts';
import { startProgress } from '../import/progress.ts';
import { runImport, type ImportSummary } from '../import/run.ts';
import { runStockImport } from '../import/stock.ts';
import { countOrderWorkflows } from '../stackWorkflows.ts';
import type { Figures } from './figures.ts';
import { listOrders, listStock, readOrders, waitUntilSettled } from './orders.ts';
import { expectedOf, type ExpectedFile } from './retailSums.ts';
import { readPayments, sumOf } from './simulators.ts';
import type { Stage } from './stage.ts';
import { planStock, stockCsv, type StockPlan } from './stockPlan.ts';

/** How long nothing may settle before the rest counts as stuck. */
const STILL_MILLIS = 60_000;

/** Seeds, imports, waits for the end and judges. The stage must hold no orders of another proof. */
export async function proveBalance(stage: Stage, file: string, figures: Figures): Promise<void> {
  const expected = expectedOf(file);
  const plan = planStock(expected);
  await seedStock(stage, plan, figures);
  const summary = await importFile(stage, file);
  judgeImport(summary, expected, figures);
  const again = await importFile(stage, file);
  figures.equal('orders made by importing the file again', again.accepted, 0);
  const progress = startProgress({ unit: 'orders settled', total: summary.accepted });
  let settled = 0;
  const moving = await waitUntilSettled(stage.ops, {
    stillMillis: STILL_MILLIS,
    onLeft(left) {
      progress.add(Math.max(0, summary.accepted - left - settled));
      settled = Math.max(settled, summary.accepted - left);
    },
  });
  progress.end();
  figures.equal('orders that have not settled', moving.length, 0);
  const listed = await listOrders(stage.ops, { channel: 'demo' });
  const orders = await readOrders(
    stage.ops,
    listed.map((order) => order.id),
  );
  judgeEnds(orders, plan, figures);
  await judgeMoney({ stage, orders, expected, figures });
  await judgeStock({ stage, orders, plan, figures });
  const workflows = await countOrderWorkflows(stage.stack.temporalAddress);
  figures.equal('workflows that failed', workflows.failed, 0);
}

async function seedStock(stage: Stage, plan: StockPlan, figures: Figures): Promise<void> {
  const file = join(stage.folder, 'stock.csv');
  await writeFile(file, stockCsv(plan));
  const summary = await runStockImport({
    file,
    delimiter: ',',
    target: stage.ops,
    createItems: true,
    add: false,
    rejectsFile: join(stage.folder, 'stock.rejects.csv'),
    startProgress: (total) => startProgress({ unit: 'stock levels', total }),
  });
  figures.equal('stock levels seeded', summary.adjusted, plan.levels.length);
}

function importFile(stage: Stage, file: string): Promise<ImportSummary> {
  return runImport({
    file,
    format: 'csv',
    mapping: presetMapping('online-retail'),
    mode: 'live',
    target: stage.shop,
    rejectsFile: join(stage.folder, 'rejects.csv'),
    progressFile: join(stage.folder, 'orders.import'),
    concurrency: 4,
    startProgress: (total) => startProgress({ unit: 'invoices', total }),
  });
}

function judgeImport(summary: ImportSummary, expected: ExpectedFile, figures: Figures): void {
  const refused = Object.values(summary.refused).reduce((sum, count) => sum + count, 0);
  const found = `${summary.accepted} orders + ${refused} refused`;
  const wanted = expected.invoices - expected.orders.length;
  figures.equal(
    `of ${expected.invoices} invoices`,
    found,
    `${expected.orders.length} orders + ${wanted} refused`,
  );
  const reasons = new Set([...Object.keys(summary.refused), ...expected.refused.keys()]);
  for (const reason of [...reasons].toSorted())
    figures.equal(`refused as ${reason}`, summary.refused[reason] ?? 0, expected.refused.get(reason) ?? 0);
}

function judgeEnds(orders: readonly OrderDetail[], plan: StockPlan, figures: Figures): void {
  const delivered = orders.filter((order) => order.lifecycle === 'completed').length;
  const waiting = orders.filter((order) => order.lifecycle !== 'completed' && order.attention.length > 0);
  figures.equal('delivered + waiting for a person with a reason', delivered + waiting.length, orders.length);
  for (const order of waiting) {
    const why = order.cases.map((open) => `${open.code}: ${open.detail}`).join('; ');
    figures.note(`waits: order ${order.externalId}, ${order.total.amount} minor units, ${why}`);
  }
  const several = orders.filter((order) => order.fulfillments.length > 1).length;
  figures.equal('orders sent from two warehouses', several, plan.splitOrders);
}

interface Judging {
  stage: Stage;
  orders: readonly OrderDetail[];
  figures: Figures;
}

async function judgeMoney(judging: Judging & { expected: ExpectedFile }): Promise<void> {
  const { stage, orders, expected, figures } = judging;
  const wanted = new Map(expected.orders.map((order) => [order.externalId, order.totalMinor]));
  const different = orders.filter((order) => wanted.get(order.externalId) !== order.total.amount);
  figures.equal('orders whose total is not the file’s', different.length, 0);
  const total = sum(orders, (order) => order.total.amount);
  figures.equal('sum of all orders in Holdfast, minor units', total, expected.totalMinor);
  const paid = (of: 'captured' | 'voided' | 'authorized') =>
    sum(orders, (order) => sum(order.payment.payments, (payment) => payment[of].amount));
  const ledger = await readPayments(stage.stack.simulators.payment);
  figures.equal(
    'captured: Holdfast’s books against the gateway’s ledger',
    paid('captured'),
    sumOf(ledger, 'captured').amountMinor,
  );
  figures.equal(
    'authorized: Holdfast’s books against the gateway’s ledger',
    paid('authorized'),
    sumOf(ledger, 'authorized').amountMinor,
  );
  const waiting = sum(
    orders.filter((order) => order.lifecycle !== 'completed'),
    (order) => order.total.amount - sum(order.payment.payments, (payment) => payment.captured.amount),
  );
  figures.equal(
    'captured at the gateway + waiting for a person',
    sumOf(ledger, 'captured').amountMinor + waiting,
    expected.totalMinor,
  );
  const byOrder = new Map<string, number>();
  for (const order of orders) {
    const captured = sum(order.payment.payments, (payment) => payment.captured.amount);
    if (order.lifecycle === 'completed' && captured !== order.total.amount)
      byOrder.set(order.externalId, captured);
  }
  figures.equal('delivered orders whose captures are not their total', byOrder.size, 0);
}

async function judgeStock(judging: Judging & { plan: StockPlan }): Promise<void> {
  const { stage, orders, plan, figures } = judging;
  const shipped = new Map<string, number>();
  for (const order of orders) {
    for (const line of order.lines) shipped.set(line.sku, (shipped.get(line.sku) ?? 0) + line.ledger.shipped);
  }
  const planned = new Map(plan.levels.map((level) => [level.sku, level.quantity]));
  const onHand = new Map<string, number>();
  for (const level of await listStock(stage.ops)) {
    if (planned.has(level.sku)) onHand.set(level.sku, (onHand.get(level.sku) ?? 0) + level.onHand);
  }
  const off = [...planned].filter(
    ([sku, quantity]) => (onHand.get(sku) ?? 0) + (shipped.get(sku) ?? 0) !== quantity,
  );
  figures.equal('SKUs whose on hand + shipped is not what was seeded', off.length, 0);
  const units = sum([...onHand.values()], (value) => value) + sum([...shipped.values()], (value) => value);
  figures.equal('units on hand + shipped', units, plan.units);
}

function sum<T>(values: readonly T[], of: (value: T) => number): number {
  return values.reduce((total, value) => total + of(value), 0);
}
