/** What goes wrong between two systems: replies lost, a worker killed in between, Temporal gone. One charge each. */
import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { openApi } from '../../http.ts';
import type { OrderListItem } from '../../../api/schemas/orders.ts';
import { countOrderWorkflows } from '../../stackWorkflows.ts';
import type { Figures } from '../figures.ts';
import { listOrders, waitUntilSettled } from '../orders.ts';
import { plainOrder } from '../shopOrder.ts';
import { addFault, clearFaults, readPayments } from '../simulators.ts';
import type { Stage } from '../stage.ts';

const STILL_MILLIS = 120_000;
const LOST = 20;
const KILLED = 10;
const POSTED_WHILE_DOWN = 50;

async function placeMany(stage: Stage, count: number): Promise<OrderListItem[]> {
  const api = openApi({ url: stage.shop.url, key: stage.shop.apiKey });
  return Promise.all(
    Array.from({ length: count }, () => api.call<OrderListItem>('/v1/orders', { body: plainOrder() })),
  );
}

/** Waits for the end, then counts at the gateway what happened to each order's card. */
async function judgeCharges(stage: Stage, placed: readonly OrderListItem[], figures: Figures): Promise<void> {
  const moving = await waitUntilSettled(stage.shop, { stillMillis: STILL_MILLIS });
  figures.equal('orders that have not settled', moving.length, 0);
  const ended = await listOrders(stage.shop, { lifecycle: 'completed' });
  figures.equal('orders delivered', ended.length, placed.length);
  const entries = await readPayments(stage.stack.simulators.payment);
  const once = (kind: string) =>
    placed.filter(
      (order) =>
        entries.filter(
          (entry) => entry.kind === kind && entry.intent?.metadata['order_number'] === String(order.number),
        ).length === 1,
    ).length;
  figures.equal('orders authorized exactly once at the gateway', once('authorized'), placed.length);
  figures.equal('orders captured exactly once at the gateway', once('captured'), placed.length);
  const workflows = await countOrderWorkflows(stage.stack.temporalAddress);
  figures.equal('workflows that failed', workflows.failed, 0);
}

/** The gateway does what it was asked and the connection breaks before it can say so. */
export async function proveLostReplies(stage: Stage, figures: Figures): Promise<void> {
  const { payment } = stage.stack.simulators;
  await addFault(payment, { operation: 'authorize', kind: 'lose_reply', probability: 0.7, seed: 7 });
  await addFault(payment, { operation: 'capture', kind: 'lose_reply', probability: 0.7, seed: 8 });
  const placed = await placeMany(stage, LOST);
  await judgeCharges(stage, placed, figures);
  await clearFaults(payment);
}

/** The worker dies by SIGKILL after the gateway has done it and before the activity could say so. */
export async function proveKilledWorker(stage: Stage, figures: Figures): Promise<void> {
  const { payment } = stage.stack.simulators;
  for (const operation of ['authorize', 'capture'] as const) {
    const done = operation === 'authorize' ? 'authorized' : 'captured';
    const before = await countKind(payment, done);
    await addFault(payment, { operation, kind: 'late', seconds: 2, times: KILLED });
    const placed = await placeMany(stage, KILLED);
    await waitFor(async () => (await countKind(payment, done)) > before, 30_000, `a card ${done}`);
    killProcess(stage, 'worker');
    figures.note(`worker killed after the gateway had ${done} and before it said so`);
    await clearFaults(payment);
    await waitUntilSettled(stage.shop, { stillMillis: STILL_MILLIS });
    const entries = await readPayments(payment);
    const charges = placed.map(
      (order) =>
        entries.filter(
          (entry) => entry.kind === done && entry.intent?.metadata['order_number'] === String(order.number),
        ).length,
    );
    figures.equal(`orders ${done} exactly once`, charges.filter((count) => count === 1).length, KILLED);
  }
  await judgeCharges(stage, await listOrders(stage.shop), figures);
}

/** Temporal dies; orders are posted and accepted all the same, and all of them run when it is back. */
export async function proveOutage(stage: Stage, figures: Figures): Promise<void> {
  const { temporal } = stage.stack.ports;
  const pid = processOf(stage, 'temporal');
  // Stopped, it holds its port and answers nothing, as a network that swallows packets; then it is killed for good.
  process.kill(pid, 'SIGSTOP');
  const placed = await placeMany(stage, POSTED_WHILE_DOWN);
  figures.equal('orders accepted while Temporal was down', placed.length, POSTED_WHILE_DOWN);
  process.kill(pid, 'SIGKILL');
  await waitFor(() => answers(temporal), 60_000, 'Temporal to be back');
  await judgeCharges(stage, placed, figures);
}

function processOf(stage: Stage, name: string): number {
  const pid = stage.stack.processes.find((running) => running.name === name)?.pid();
  if (pid === undefined) throw new Error(`the stack has no process ${name}`);
  return pid;
}

function killProcess(stage: Stage, name: string): void {
  process.kill(processOf(stage, name), 'SIGKILL');
}

async function countKind(payment: string, kind: string): Promise<number> {
  return (await readPayments(payment)).filter((entry) => entry.kind === kind).length;
}

async function waitFor(isTrue: () => Promise<boolean>, withinMillis: number, what: string): Promise<void> {
  const until = Date.now() + withinMillis;
  while (!(await isTrue())) {
    if (Date.now() > until) throw new Error(`waited ${withinMillis / 1000} s in vain for ${what}`);
    await pause(20);
  }
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
