/**
 * Outlives the launcher by a moment: whatever way the launcher ends (also kill -9), the pipe between the two closes,
 * and the guardian stops what is left of the stack. Lines on stdin: `+pid SIGNAL` registers a process (the leader of
 * its own group) with the signal that stops it, `-pid` says it has ended.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { createInterface } from 'node:readline';

const GRACE_MILLIS = 3_000;
const LOOK_EVERY_MILLIS = 100;

const wards = new Map<number, NodeJS.Signals>();

// Only the end of the pipe ends it: a Ctrl-C is the launcher's to answer.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);

for await (const line of createInterface({ input: process.stdin })) {
  const [head = '', signal = ''] = line.split(' ');
  const pid = Number(head.slice(1));
  if (!Number.isSafeInteger(pid) || pid <= 1) continue;
  if (head.startsWith('-')) wards.delete(pid);
  else wards.set(pid, signal === 'SIGINT' || signal === 'SIGQUIT' ? signal : 'SIGTERM');
}

for (const [pid, signal] of wards) send(pid, signal);
const until = Date.now() + GRACE_MILLIS;
while (Date.now() < until && [...wards.keys()].some((pid) => send(pid, 0))) await pause(LOOK_EVERY_MILLIS);
for (const pid of wards.keys()) send(-pid, 'SIGKILL');

function send(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    process.kill(pid, signal);
    return true;
  } catch {
    return false;
  }
}
