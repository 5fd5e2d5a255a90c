/** `holdfast status` (also `doctor`): is the API there, is it ready, does the key work. */
import type { Command } from 'commander';
import pc from 'picocolors';
import { UsageError, type Context } from '../context.ts';
import { ApiProblem, ApiUnreachable, type Api } from '../http.ts';
import type { Act } from '../run.ts';

interface Check {
  name: string;
  ok: boolean;
  detail: string;
}

/** What the API looks at before it calls itself ready. */
const PARTS: readonly string[] = ['database', 'migrations'];

/** Adds the command. */
export function registerStatus(program: Command, act: Act): void {
  program
    .command('status')
    .alias('doctor')
    .description('is the API there, is it ready, does the key work')
    .action((_: unknown, command: Command) => act(command, status));
}

async function status(context: Context): Promise<void> {
  const api = context.openly();
  const checks: Check[] = [await alive(api)];
  if (checks[0]?.ok) checks.push(...(await readiness(api)), await keyWorks(context));
  const { temporalAddress } = context.io.local ?? {};
  if (temporalAddress?.startsWith('127.0.0.1:'))
    checks.push({
      name: 'Temporal',
      ok: true,
      detail: `${temporalAddress}, local: a development server is for trying out, not for production`,
    });
  context.print({ url: api.url, checks }, () =>
    checks.map(
      (check) => `${check.ok ? pc.green('✓') : pc.red('✗')} ${check.name.padEnd(10)} ${check.detail}`,
    ),
  );
  if (checks.some((check) => !check.ok)) throw new NotWell();
}

/** Something is not as it should be; what, has been printed. */
export class NotWell extends Error {
  override readonly name = 'NotWell';
}

async function alive(api: Api): Promise<Check> {
  try {
    await api.call('/health');
    return { name: 'API', ok: true, detail: api.url };
  } catch (error) {
    return { name: 'API', ok: false, detail: wordsOf(error) };
  }
}

async function readiness(api: Api): Promise<Check[]> {
  try {
    const ready = await api.call<unknown>('/ready');
    return [{ name: 'Ready', ok: true, detail: partsOf(ready) || 'yes' }];
  } catch (error) {
    const detail = error instanceof ApiProblem ? partsOf(error.problem) || wordsOf(error) : wordsOf(error);
    return [{ name: 'Ready', ok: false, detail }];
  }
}

/** `{status, database: "ok", migrations: "missing"}` of the answer in words. */
function partsOf(body: unknown): string {
  if (typeof body !== 'object' || body === null || !('database' in body)) return '';
  return Object.entries(body)
    .filter(([name, state]) => PARTS.includes(name) && typeof state === 'string')
    .map(([name, state]) => `${name} ${String(state)}`)
    .join(', ');
}

async function keyWorks(context: Context): Promise<Check> {
  try {
    await context.api().call('/v1/orders', { query: { limit: 1 } });
    return { name: 'Key', ok: true, detail: 'is valid and may read orders' };
  } catch (error) {
    const valid = error instanceof ApiProblem && error.status === 403;
    return {
      name: 'Key',
      ok: valid,
      detail: valid ? 'is valid, without the right to read orders' : wordsOf(error),
    };
  }
}

function wordsOf(error: unknown): string {
  if (error instanceof ApiProblem || error instanceof ApiUnreachable || error instanceof UsageError)
    return error.message;
  throw error;
}
