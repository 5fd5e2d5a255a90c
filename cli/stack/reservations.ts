/**
 * Ports that a launcher of this user has chosen but does not listen on yet: seconds pass between the two, and several
 * stacks start at once when tests and people work side by side. A reservation of a process that is gone counts nothing.
 */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { isFileError, processStart } from './lock.ts';

const FOLDER = join(tmpdir(), `holdfast-ports-${userInfo().uid}`);

/** Reserves a port for this process; false when another living process, or this one, has it. */
export function reservePort(port: number, folder = FOLDER): boolean {
  mkdirSync(folder, { recursive: true });
  const mine = `${process.pid} ${processStart(process.pid) ?? ''}`;
  try {
    writeFileSync(fileOf(port, folder), mine, { flag: 'wx' });
    return true;
  } catch (error) {
    if (!isFileError(error, 'EEXIST')) throw error;
  }
  if (isHeld(port, folder)) return false;
  // Two that find the same stale file may both take it: then the slower one fails to listen, as without reservations.
  writeFileSync(fileOf(port, folder), mine);
  return true;
}

/** Gives ports back. */
export function releasePorts(ports: readonly number[], folder = FOLDER): void {
  for (const port of ports) rmSync(fileOf(port, folder), { force: true });
}

function isHeld(port: number, folder: string): boolean {
  try {
    const [pid, started] = readFileSync(fileOf(port, folder), 'utf8').split(' ');
    return started !== undefined && started !== '' && processStart(Number(pid)) === started;
  } catch {
    return false;
  }
}

function fileOf(port: number, folder: string): string {
  return join(folder, String(port));
}
