/**
 * Puts one simulator together: its ledger (read again at the start), its faults, its clockwork, its callbacks and its
 * server. What differs between the three stands in payment.ts, warehouse.ts and carrier.ts.
 */
import { join } from 'node:path';
import type { RequestHandler } from 'express';
import { createCallbacks } from './callbacks.ts';
import type { Callback } from './callbacks.ts';
import { createFaults } from './faults.ts';
import type { Faults } from './faults.ts';
import { openLedger } from './ledger.ts';
import type { Draft, Entry } from './ledger.ts';
import { createApp, listen } from './server.ts';
import type { Answer, Control, Route } from './server.ts';
import { createSteps } from './steps.ts';
import type { Steps } from './steps.ts';

/** What every simulator is told. */
export interface SimulatorOptions {
  host: string;
  /** 0 = any free port. */
  port: number;
  /** Folder of the ledger; an old ledger there is continued. */
  data: string;
  /** Where callbacks go; without it they wait until `connect`. */
  holdfastUrl?: string | undefined;
  /** Seconds between two steps; 0 = at once. */
  paceSeconds: number;
}

/** A started simulator. */
export interface Simulator {
  url: string;
  /** Tells it where Holdfast is; what waited is sent. */
  connect(holdfastUrl: string): void;
  close(): Promise<void>;
}

/** What a simulator works with once its ledger is open. */
export interface Tools<E extends Entry> {
  /** Writes an entry, applies it, and sends its callback once it is on the disk. */
  append(draft: Draft<E>): void;
  faults: Faults;
  steps: Steps;
  /** True while it is not being closed. */
  open(): boolean;
}

/** What makes one simulator different from the others. */
export interface SimulatorSpec<E extends Entry> {
  name: string;
  parse(line: unknown): E;
  apply(entry: E): void;
  bodies: RequestHandler;
  summary(): unknown;
  show?(entry: E): unknown;
  broken(message: string): Answer;
  /** The callbacks that an entry leads to; they must depend on the entry alone, since they are made again after a restart. */
  callbacksOf(entry: E): readonly Callback[];
  /** The entry that notes a delivered callback. */
  delivered(callback: string): Draft<E>;
  /** The callback's id when the entry is such a note. */
  deliveredBy(entry: E): string | undefined;
  routes(tools: Tools<E>, url: () => string): Route[];
  controls?(tools: Tools<E>): Control[];
  /** Called once after the start: arms the steps that the ledger says are due. */
  resume?(tools: Tools<E>): void;
}

/** Starts a simulator; rejects when its port is taken or its ledger can't be read. */
export async function startSimulator<E extends Entry>(
  options: SimulatorOptions,
  spec: SimulatorSpec<E>,
): Promise<Simulator> {
  const faults = createFaults();
  const steps = createSteps(options.paceSeconds);
  const ledger = await openLedger<E>({
    file: join(options.data, `${spec.name}.jsonl`),
    parse: spec.parse,
    apply: spec.apply,
  });
  let isOpen = true;
  const callbacks = createCallbacks({
    url: options.holdfastUrl,
    faults,
    onDelivered: (id) => void ledger.append(spec.delivered(id)),
  });
  const tools: Tools<E> = {
    append(draft) {
      if (!isOpen) return;
      const due = spec.callbacksOf(ledger.append(draft));
      // A disk that refuses is reported to the caller of the operation, who waits for the same write.
      if (due.length > 0) void ledger.settled().then(() => due.forEach(callbacks.send), ignore);
    },
    faults,
    steps,
    open: () => isOpen,
  };
  let url = '';
  const app = createApp({
    ...spec,
    ledger,
    faults,
    steps,
    routes: spec.routes(tools, () => url),
    controls: spec.controls?.(tools) ?? [],
  });
  const running = await listen(app.app, options);
  url = running.url;
  sendPending(spec, ledger.entries(0, Infinity), callbacks.send);
  spec.resume?.(tools);
  return {
    url,
    connect: callbacks.setUrl,
    async close() {
      isOpen = false;
      steps.close();
      callbacks.close();
      app.close();
      await running.close();
      await ledger.close();
    },
  };
}

const ignore = (): void => undefined;

/** Callbacks of earlier runs that nobody confirmed are sent again: at least once. */
function sendPending<E extends Entry>(
  spec: SimulatorSpec<E>,
  entries: readonly E[],
  send: (callback: Callback) => void,
): void {
  const delivered = new Set(entries.map((entry) => spec.deliveredBy(entry)));
  for (const entry of entries)
    for (const callback of spec.callbacksOf(entry)) if (!delivered.has(callback.id)) send(callback);
}
