/**
 * The local stack: PostgreSQL, Temporal, simulators, worker and API, started in that order and stopped in the other.
 * `npm start` runs it on .holdfast; the benchmark and the proofs run it on a fresh folder beside.
 */
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import {
  connectAdmin,
  createKey,
  DEMO_CHANNEL,
  ensureDemo,
  hasLastingKeys,
  isLiveKey,
  migrateDatabase,
  revokeKey,
  type Db,
  type Policy,
  type Role,
} from '../db/admin.ts';
import { CONFIG_NAMES } from '../config.ts';
import { mainsEnvironment } from './stack/environment.ts';
import { announceStack, rememberedPorts, rememberPorts } from './stack/files.ts';
import { endLeftovers, noteProcesses } from './stack/leftovers.ts';
import { takeLock } from './stack/lock.ts';
import { startMains } from './stack/mains.ts';
import { choosePorts, type PortMode, type Ports } from './stack/ports.ts';
import { postgresElsewhere } from './stack/postgresAccount.ts';
import { openProcesses, type Processes, type Running } from './stack/processes.ts';
import { asStep, sayOnStderr, saySilently, type Say } from './stack/say.ts';
import { ensureSecrets, saveSecrets, type Secrets } from './stack/secrets.ts';
import { bringUpPostgres, bringUpTemporal } from './stack/servers.ts';

/** How to start a stack; everything may be left out. */
export interface StackOptions {
  /** Where everything is kept; left out: a fresh folder below the temp folder, removed by `stop`. */
  dataDir?: string;
  ports?: PortMode;
  /** Says nothing on stderr. */
  quiet?: boolean;
  /** Seconds between two steps of simulated picking and of a simulated parcel; 0 = at once. */
  pace?: number;
  /** Policy of the demo channel; left out: what it has, at first 30 s of release delay. */
  policy?: Partial<Policy>;
  /** Temporal keeps nothing on disk: 2.5 times faster, and gone when it stops. */
  temporalInMemory?: boolean;
  /** More dynamic configuration of the development server, key=value. */
  temporalSettings?: readonly string[];
  /** More environment for api, worker and simulators, by the names of config.ts. */
  env?: Readonly<Record<string, string>>;
  /** Stops a start that is under way; the promise of startStack then rejects. */
  signal?: AbortSignal;
}

/** The keys that are printed at the first start, by role. */
export type FirstKeys = Readonly<Record<Exclude<Role, 'warehouse'>, string>>;

/** A key for the time the stack runs. */
export interface ShortLivedKey {
  id: string;
  key: string;
}

/** A stack that runs. */
export interface Stack {
  readonly dataDir: string;
  readonly ports: Ports;
  readonly apiUrl: string;
  readonly temporalAddress: string;
  readonly temporalUiUrl: string;
  /** The `temporal` program that was found or fetched; null for a cluster. */
  readonly temporalProgram: string | null;
  readonly databaseUrl: string;
  readonly metricsUrl: string;
  readonly simulators: { readonly payment: string; readonly warehouse: string; readonly carrier: string };
  /** Set when the database had no keys of people or channels yet; nobody can read them again. */
  readonly firstKeys: FirstKeys | undefined;
  readonly processes: readonly Running[];
  /** A key that lives until `stop`, an hour at most; for the role channel it is one of the demo channel. */
  createKey(role: Role, name?: string): Promise<ShortLivedKey>;
  revokeKey(keyId: string): Promise<void>;
  /** Stops everything in order: api, worker, simulators, Temporal, PostgreSQL. Safe to call twice. */
  stop(): Promise<void>;
  /** Stops everything at once. */
  abort(): void;
}

const SHORT_LIVED_MILLIS = 3_600_000;

/** What is started so far, to be undone from the end. */
interface Started {
  dataDir: string;
  temporary: boolean;
  processes: Processes;
  running: Running[];
  db: Db | undefined;
  shortLived: Set<string>;
  undo: (() => void)[];
}

/**
 * Starts the whole stack and waits until it is ready. Throws StackRunning when another launcher has the folder,
 * TemporalNotFound, and StackFailed with the end of the log of what did not come up; nothing is left running then.
 */
export async function startStack(options: StackOptions = {}): Promise<Stack> {
  const say = options.quiet ? saySilently() : sayOnStderr();
  const temporary = options.dataDir === undefined;
  const dataDir = options.dataDir ? resolve(options.dataDir) : mkdtempSync(join(tmpdir(), 'holdfast-'));
  mkdirSync(dataDir, { recursive: true });
  const unlock = takeLock(dataDir);
  const started: Started = {
    dataDir,
    temporary,
    processes: openProcesses(say, {
      signal: options.signal,
      onChange: (running) => noteProcesses(dataDir, running),
    }),
    running: [],
    db: undefined,
    shortLived: new Set(),
    undo: [unlock],
  };
  const abort = () => started.running.toReversed().forEach((running) => running.abort());
  try {
    return await bringUp(started, options, say);
  } catch (error) {
    if (options.signal?.aborted) abort();
    await takeDown(started);
    throw error;
  }
}

async function bringUp(started: Started, options: StackOptions, say: Say): Promise<Stack> {
  const { dataDir } = started;
  const check = () => options.signal?.throwIfAborted();
  // The account PostgreSQL runs under has to pass through; the secrets in the folder have modes of their own.
  chmodSync(dataDir, 0o755);
  await endLeftovers(dataDir, say);
  const env = environmentFor(started, options);
  const secrets = ensureSecrets(dataDir);
  const { ports, notes, release } = await choosePorts(options.ports ?? 'usual', rememberedPorts(dataDir));
  started.undo.push(release);
  for (const note of notes) say.line(note);
  const servers = { ...started, env, ports, say };
  const databaseUrl = await bringUpPostgres(servers, secrets.postgresPassword);
  check();
  const temporal = await bringUpTemporal(servers, {
    inMemory: options.temporalInMemory ?? false,
    settings: options.temporalSettings,
  });
  check();
  const db = await prepareDatabase(started, { databaseUrl, secrets, policy: options.policy, say });
  check();
  const around = { env, ports, secrets, databaseUrl, dataDir, ...temporal, paceSeconds: options.pace };
  await startMains({ ...servers, env: mainsEnvironment(around), check });
  rememberPorts(dataDir, ports);
  const apiUrl = `http://127.0.0.1:${ports.api}`;
  started.undo.push(announceStack(dataDir, { apiUrl, ...temporal }));
  // Last, so that a start that fails on the way has made no keys that nobody ever saw.
  const firstKeys = started.temporary || (await hasLastingKeys(db)) ? undefined : await makeFirstKeys(db);
  return {
    ...{ dataDir, ports, apiUrl, databaseUrl, firstKeys, ...temporal },
    metricsUrl: `http://127.0.0.1:${ports.metrics}/metrics`,
    simulators: {
      payment: `http://127.0.0.1:${ports.payment}`,
      warehouse: `http://127.0.0.1:${ports.warehouse}`,
      carrier: `http://127.0.0.1:${ports.carrier}`,
    },
    processes: started.running,
    createKey: (role, name = 'short-lived') => shortLivedKey(started, db, { role, name }),
    async revokeKey(keyId) {
      await revokeKey(db, keyId);
      started.shortLived.delete(keyId);
    },
    stop: () => takeDown(started),
    abort: () => started.running.toReversed().forEach((running) => running.abort()),
  };
}

interface Preparation {
  databaseUrl: string;
  secrets: Secrets;
  policy: Partial<Policy> | undefined;
  say: Say;
}

async function prepareDatabase(
  started: Started,
  { databaseUrl, secrets, policy, say }: Preparation,
): Promise<Db> {
  const applied = await asStep(say, 'Database schema', () => migrateDatabase(databaseUrl));
  if (applied.length > 0) say.line(`  applied: ${applied.join(', ')}`);
  const db = connectAdmin(databaseUrl);
  started.db = db;
  const { created } = await ensureDemo(db, policy);
  if (created) say.line('Demo shop created: 30 items, three warehouses with stock, channel demo');
  if (!(await isLiveKey(db, secrets.simulatorsKey, 'warehouse'))) {
    secrets.simulatorsKey = (await createKey(db, { name: 'simulators', role: 'warehouse' })).key;
    saveSecrets(started.dataDir, secrets);
  }
  return db;
}

/**
 * The environment the stack sees. One that lives beside others must not take the user's database, cluster or real
 * payment provider for its own, so it sees none of our settings but those given to it.
 */
function environmentFor(started: Started, options: StackOptions): NodeJS.ProcessEnv {
  const beside = started.temporary || options.ports === 'free';
  const own = new Set(beside ? CONFIG_NAMES : []);
  const inherited = Object.entries(process.env).filter(([name]) => !own.has(name));
  return { ...Object.fromEntries(inherited), ...options.env };
}

/** One key for the demo channel and one for each role of people. */
async function makeFirstKeys(db: Db): Promise<FirstKeys> {
  const make = async (role: Role) => (await createKey(db, { name: `first ${role} key`, ...keyOf(role) })).key;
  return {
    channel: await make('channel'),
    viewer: await make('viewer'),
    support: await make('support'),
    ops: await make('ops'),
  };
}

async function shortLivedKey(
  started: Started,
  db: Db,
  request: { role: Role; name: string },
): Promise<ShortLivedKey> {
  const expiresAt = new Date(Date.now() + SHORT_LIVED_MILLIS);
  const made = await createKey(db, { name: request.name, ...keyOf(request.role), expiresAt });
  started.shortLived.add(made.id);
  return made;
}

function keyOf(role: Role): { role: Role; channel?: string } {
  return role === 'channel' ? { role, channel: DEMO_CHANNEL } : { role };
}

async function takeDown(started: Started): Promise<void> {
  const { db } = started;
  started.db = undefined;
  if (db) {
    // When PostgreSQL is gone the keys cannot be revoked; they expire within the hour.
    for (const id of started.shortLived) await revokeKey(db, id).catch(() => undefined);
    started.shortLived.clear();
    await db.close().catch(() => undefined);
  }
  for (const running of started.running.toReversed()) await running.stop();
  await started.processes.close();
  for (const undo of started.undo.splice(0).toReversed()) undo();
  if (!started.temporary) return;
  const elsewhere = postgresElsewhere(started.dataDir);
  if (elsewhere) rmSync(elsewhere, { recursive: true, force: true });
  rmSync(started.dataDir, { recursive: true, force: true });
}
