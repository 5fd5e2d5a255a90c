import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const SCRIPT = fileURLToPath(new URL('./ensure-installed.mjs', import.meta.url));
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-install-'));
  mkdirSync(join(folder, 'scripts'));
  mkdirSync(join(folder, 'node_modules'));
  writeFileSync(join(folder, 'scripts', 'ensure-installed.mjs'), readFileSync(SCRIPT));
  writeFileSync(join(folder, 'package-lock.json'), '{"one":1}');
  // Stands for npm: notes that it ran, and installs nothing.
  writeFileSync(
    join(folder, 'npm.js'),
    `require('node:fs').appendFileSync(${JSON.stringify(join(folder, 'ran'))}, process.argv[2] + '\\n');`,
  );
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function ensure(npm = join(folder, 'npm.js')): number | null {
  return spawnSync(process.execPath, [join(folder, 'scripts', 'ensure-installed.mjs')], {
    env: { ...process.env, npm_execpath: npm },
  }).status;
}

function runs(): string[] {
  return readFileSync(join(folder, 'ran'), 'utf8').trim().split('\n');
}

describe('the check before every script', () => {
  it('installs once, and again when the lock has changed', () => {
    expect(ensure()).toBe(0);
    expect(ensure()).toBe(0);
    expect(runs()).toEqual(['ci']);
    writeFileSync(join(folder, 'package-lock.json'), '{"one":2}');
    expect(ensure()).toBe(0);
    expect(runs()).toEqual(['ci', 'ci']);
  });

  it('takes what `npm ci` by hand has installed, and nothing that is not what the lock names', () => {
    const own = { version: '1.0.0', integrity: 'sha512-a' };
    const lock = {
      packages: { '': {}, 'node_modules/a': own, 'node_modules/mac': { ...own, optional: true } },
    };
    const present = (packages: object) =>
      writeFileSync(join(folder, 'node_modules', '.package-lock.json'), JSON.stringify({ packages }));
    writeFileSync(join(folder, 'package-lock.json'), JSON.stringify(lock));
    present({ 'node_modules/a': own });
    expect(ensure()).toBe(0);
    expect(ensure()).toBe(0);
    expect(existsSync(join(folder, 'ran'))).toBe(false);
    for (const other of [{}, { 'node_modules/a': { ...own, integrity: 'sha512-b' } }]) {
      rmSync(join(folder, 'node_modules', '.holdfast-installed'));
      present(other);
      expect(ensure()).toBe(0);
    }
    expect(runs()).toEqual(['ci', 'ci']);
  });

  it('ends with npm’s code when the install fails, and tries again next time', () => {
    writeFileSync(join(folder, 'bad.js'), 'process.exit(7)');
    expect(ensure(join(folder, 'bad.js'))).toBe(7);
    expect(ensure()).toBe(0);
    expect(runs()).toEqual(['ci']);
  });

  it('knows which Node is too old', async () => {
    const { isNodeRecent }: { isNodeRecent(version: string): boolean } = await import(SCRIPT);
    expect(['18.20.4', '20.18.3'].map(isNodeRecent)).toEqual([false, false]);
    expect(['20.19.0', '22.1.0', '24.0.0'].map(isNodeRecent)).toEqual([true, true, true]);
  });
});
