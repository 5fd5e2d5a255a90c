/**
 * Ports of the local stack: the usual ones when they are free, the ones of last time when those are, else free ones
 * that are printed. Everything listens on 127.0.0.1.
 */
import { connect, createServer } from 'node:net';
import { releasePorts, reservePort } from './reservations.ts';

/** The usual port of each part, by name. */
export const USUAL_PORTS = Object.freeze({
  api: 3000,
  metrics: 9464,
  workerMetrics: 9465,
  postgres: 5440,
  temporal: 7233,
  temporalUi: 8233,
  payment: 4010,
  warehouse: 4020,
  carrier: 4030,
});

/** The parts that listen. */
export type PortName = keyof typeof USUAL_PORTS;
/** A port for each part. */
export type Ports = Record<PortName, number>;

/** What was chosen and one readable line for every port that is not the wanted one. */
export interface PortChoice {
  ports: Ports;
  notes: string[];
  /** Gives the ports back once nothing listens on them any more. */
  release(): void;
}

/** `usual`: the usual or remembered ones where free. `free`: any free ports, for stacks that live beside others. */
export type PortMode = 'usual' | 'free';

const NAMES: readonly PortName[] = [
  'api',
  'metrics',
  'workerMetrics',
  'postgres',
  'temporal',
  'temporalUi',
  'payment',
  'warehouse',
  'carrier',
];
const TRIES_MAX = 200;
/** Below the range from which outgoing connections take theirs (Linux 32768, others 49152), so none is taken meanwhile. */
const FREE_FROM = 20_000;
const FREE_TO = 32_000;

/** Chooses and reserves all ports; `remembered` are those of the last start of the same data folder. Throws when none is free. */
export async function choosePorts(mode: PortMode, remembered: Partial<Ports> = {}): Promise<PortChoice> {
  const taken = new Set<number>();
  const notes: string[] = [];
  const ports: Ports = { ...USUAL_PORTS };
  for (const name of NAMES) {
    const wanted = mode === 'free' ? [] : [remembered[name], USUAL_PORTS[name]];
    const found = await firstFree(wanted, taken);
    const port = found ?? (await reservedPort(taken));
    if (mode === 'usual' && port !== (remembered[name] ?? USUAL_PORTS[name]))
      notes.push(`port ${remembered[name] ?? USUAL_PORTS[name]} (${name}) is taken, using ${port}`);
    taken.add(port);
    ports[name] = port;
  }
  return { ports, notes, release: () => releasePorts(Object.values(ports)) };
}

async function firstFree(wanted: readonly (number | undefined)[], taken: ReadonlySet<number>) {
  for (const port of wanted) {
    if (port !== undefined && !taken.has(port) && (await isPortFree(port)) && reservePort(port)) return port;
  }
  return undefined;
}

async function reservedPort(taken: Set<number>): Promise<number> {
  for (;;) {
    const port = await freePort(taken);
    if (reservePort(port)) return port;
    taken.add(port);
  }
}

/** A free port of 127.0.0.1 that is not in `taken`. Throws after 200 tries. */
export async function freePort(taken: ReadonlySet<number> = new Set()): Promise<number> {
  for (let tries = 0; tries < TRIES_MAX; tries += 1) {
    const port = FREE_FROM + Math.floor(Math.random() * (FREE_TO - FREE_FROM));
    if (!taken.has(port) && (await isPortFree(port))) return port;
  }
  throw new Error(`no free port between ${FREE_FROM} and ${FREE_TO} in ${TRIES_MAX} tries`);
}

/**
 * True when nobody answers at the port and it can be listened on. Both are asked: macOS lets 127.0.0.1 be bound beside
 * a server that listens on all addresses, and that server would then be hidden.
 */
export async function isPortFree(port: number): Promise<boolean> {
  return !(await answers(port)) && (await canListen(port));
}

/** True when something accepts connections at 127.0.0.1:port within half a second. */
export function answers(port: number, host = '127.0.0.1'): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host, timeout: 500 });
    const end = (answered: boolean) => {
      socket.destroy();
      resolve(answered);
    };
    socket.once('connect', () => end(true));
    socket.once('error', () => end(false));
    socket.once('timeout', () => end(false));
  });
}

function canListen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve(true)));
  });
}
