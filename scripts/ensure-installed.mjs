/**
 * Makes `npm start` and `npm test` work on a fresh clone with nothing done before: checks the Node version and runs
 * `npm ci` when what is installed does not belong to this lock file and this Node; an `npm ci` by hand counts. Plain Node, no dependency, because
 * it runs before there is any. With nothing to do it takes a few milliseconds.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const NODE_MINIMUM = [20, 19];

/** True when `version` ("20.19.4") is at least Node 20.19. */
export function isNodeRecent(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > NODE_MINIMUM[0] || (major === NODE_MINIMUM[0] && minor >= NODE_MINIMUM[1]);
}

/** What node_modules was installed from: the lock, the Node major (native builds) and the platform. */
export function installStamp(lockText, nodeVersion, platform) {
  return createHash('sha256').update(`${lockText}\n${nodeVersion}\n${platform}`).digest('hex');
}

/**
 * True when node_modules holds what this lock names: npm writes down there what it has installed. Packages for other
 * platforms are not there, and what is there must be of the lock's version and content. False when it can't be told.
 */
export function isInstalledAsLocked(lockText, installedText) {
  try {
    const { packages: wanted } = JSON.parse(lockText);
    const { packages: present } = JSON.parse(installedText);
    const names = Object.keys(wanted).filter((name) => name !== '');
    const isSame = (name) =>
      present[name] === undefined
        ? wanted[name].optional === true
        : present[name].version === wanted[name].version &&
          present[name].integrity === wanted[name].integrity;
    return names.length > 0 && names.every(isSame) && Object.keys(present).every((name) => name in wanted);
  } catch {
    return false;
  }
}

/** Installs when needed; returns the exit code to end with, 0 when all is well. `root` is the project's folder. */
export function ensureInstalled(root = ROOT) {
  if (!isNodeRecent(process.versions.node)) {
    console.error(
      `Holdfast needs Node ${NODE_MINIMUM.join('.')} or later; this is ${process.versions.node} (${process.execPath}).\n` +
        'Install a current one from https://nodejs.org or with your version manager, then run the command again.',
    );
    return 1;
  }
  const lock = join(root, 'package-lock.json');
  // A compiled image carries no lock: what it was built with is what it has.
  if (!existsSync(lock)) return 0;
  const stampFile = join(root, 'node_modules', '.holdfast-installed');
  const wanted = installStamp(
    readFileSync(lock, 'utf8'),
    process.versions.node,
    `${process.platform}-${process.arch}`,
  );
  if (existsSync(stampFile)) {
    if (readFileSync(stampFile, 'utf8') === wanted) return 0;
  } else if (isInstalledByHand(root)) {
    writeFileSync(stampFile, wanted);
    return 0;
  }
  console.error('Installing dependencies (npm ci); this takes about a minute, once.');
  const started = Date.now();
  const code = runNpmCi(root);
  if (code !== 0) {
    console.error(`npm ci failed with code ${code}; nothing was started. Its own message stands above.`);
    return code;
  }
  writeFileSync(stampFile, wanted);
  console.error(`Dependencies installed in ${Math.round((Date.now() - started) / 1000)} s.`);
  return 0;
}

/** Without a stamp somebody ran npm by hand, which empties node_modules first; a moment ago, with the Node at hand. */
function isInstalledByHand(root) {
  const installed = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(installed)) return false;
  return isInstalledAsLocked(
    readFileSync(join(root, 'package-lock.json'), 'utf8'),
    readFileSync(installed, 'utf8'),
  );
}

function runNpmCi(root) {
  // npm tells its scripts where it lives; run by hand, the npm on PATH is used.
  const npm = process.env.npm_execpath;
  const options = { cwd: root, stdio: ['ignore', 2, 2] };
  const result = npm?.endsWith('.js')
    ? spawnSync(process.execPath, [npm, 'ci'], options)
    : spawnSync('npm', ['ci'], { ...options, shell: process.platform === 'win32' });
  if (result.error) console.error(`npm could not be run: ${result.error.message}`);
  return result.status ?? 1;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) process.exitCode = ensureInstalled();
