import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { processStart, runningLauncher, StackRunning, takeLock } from './lock.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-lock-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('the lock of a data folder', () => {
  it('lets one launcher in at a time', () => {
    const release = takeLock(folder);
    expect(() => takeLock(folder)).toThrow(StackRunning);
    expect(runningLauncher(folder)).toBe(process.pid);
    release();
    expect(existsSync(join(folder, 'launcher.lock'))).toBe(false);
    takeLock(folder)();
  });

  it('is taken over from a launcher that was killed', async () => {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
    await once(child, 'spawn');
    const pid = child.pid ?? 0;
    const lock = JSON.stringify({ pid, started: processStart(pid) });
    writeFileSync(join(folder, 'launcher.lock'), lock);
    expect(() => takeLock(folder)).toThrow(`launcher process ${pid}`);
    child.kill('SIGKILL');
    await once(child, 'exit');
    takeLock(folder)();
  });

  it('is taken over when its process id belongs to another process by now', () => {
    writeFileSync(join(folder, 'launcher.lock'), JSON.stringify({ pid: process.pid, started: 'long ago' }));
    expect(runningLauncher(folder)).toBeUndefined();
    takeLock(folder)();
  });

  it('is taken over when it holds rubbish', () => {
    writeFileSync(join(folder, 'launcher.lock'), '{"pid":');
    takeLock(folder)();
  });
});
