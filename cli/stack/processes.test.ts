import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openProcesses, StackFailed, waitUntilUp, type ProcessPlan } from './processes.ts';
import { processStart } from './lock.ts';
import { saySilently } from './say.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-processes-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function plan(script: string): ProcessPlan {
  return {
    name: 'sample',
    command: process.execPath,
    args: ['-e', script],
    env: process.env,
    cwd: folder,
    logFile: join(folder, 'logs', 'sample.log'),
    stopSignal: 'SIGTERM',
    graceMillis: 300,
  };
}

const LIVES = 'console.log("up " + process.pid); setInterval(() => {}, 1000);';
const log = () => readFileSync(join(folder, 'logs', 'sample.log'), 'utf8');
const isAlive = (pid: number | undefined) => pid !== undefined && processStart(pid) !== undefined;

describe('a process of the stack', () => {
  it('is started again when it dies, and stays down when it was stopped', async () => {
    const warnings: string[] = [];
    const processes = openProcesses(saySilently(warnings));
    const running = await processes.start(plan(LIVES));
    await vi.waitFor(() => expect(log()).toContain('up'));
    const first = running.pid();
    process.kill(first ?? 0, 'SIGKILL');
    await vi.waitFor(() => expect(running.pid()).not.toBe(first), { timeout: 5_000 });
    expect(warnings.join()).toContain('sample ended (signal SIGKILL); starting it again in 0.5 s');
    const second = running.pid();
    await running.stop();
    await running.stop();
    expect(isAlive(second)).toBe(false);
    expect(running.failure()).toBeUndefined();
    await processes.close();
  });

  it('is ended by force when it does not listen', async () => {
    const processes = openProcesses(saySilently());
    const running = await processes.start(plan(`process.on('SIGTERM', () => {}); ${LIVES}`));
    await vi.waitFor(() => expect(log()).toContain('up'));
    await running.stop();
    expect(isAlive(running.pid())).toBe(false);
    await processes.close();
  });

  it('that never comes up is reported with the end of its log', async () => {
    const controller = new AbortController();
    const processes = openProcesses(saySilently(), { signal: controller.signal });
    const running = await processes.start(plan('console.error("no such setting"); process.exit(3)'));
    await vi.waitFor(() => expect(log()).toContain('no such setting'));
    controller.abort();
    const failure = await waitUntilUp(running, () => Promise.resolve(false), 60_000).catch(
      (error: unknown) => error,
    );
    expect(failure).toBeInstanceOf(StackFailed);
    expect(String(failure)).toContain('no such setting');
    await running.stop();
    await processes.close();
  });

  it('does not outlive a launcher that is killed', async () => {
    const module = fileURLToPath(new URL('./processes.ts', import.meta.url));
    const say = fileURLToPath(new URL('./say.ts', import.meta.url));
    const script = join(folder, 'launcher.mts');
    writeFileSync(
      script,
      `import { openProcesses } from ${JSON.stringify(module)};
       import { saySilently } from ${JSON.stringify(say)};
       const running = await openProcesses(saySilently()).start({ ...${JSON.stringify(plan(LIVES))}, env: process.env });
       console.log(running.pid());
       setInterval(() => {}, 1000);`,
    );
    const launcher = spawn(process.execPath, ['--import', import.meta.resolve('tsx'), script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = (await once(createInterface({ input: launcher.stdout }), 'line')) as [string];
    const pid = Number(line);
    expect(isAlive(pid)).toBe(true);
    launcher.kill('SIGKILL');
    await vi.waitFor(() => expect(isAlive(pid)).toBe(false), { timeout: 10_000, interval: 50 });
  });
});
