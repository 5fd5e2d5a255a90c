/** A fresh stack to prove things on: no release delay, short bounds, simulators without pauses, keys that are revoked. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startStack, type Stack, type StackOptions } from '../stack.ts';
import type { Target } from '../import/patience.ts';
import type { Figures } from './figures.ts';
import type { Proof } from './main.ts';

/** A running stack with the callers that a proof needs. */
export interface Stage {
  stack: Stack;
  /** The demo channel: places and imports orders. */
  shop: Target;
  /** Sees and changes everything. */
  ops: Target;
  /** A folder for files of the proof, removed with the stage. */
  folder: string;
  /** Revokes the keys, stops the stack and removes what it kept. */
  close(): Promise<void>;
}

/** Bounds short enough that a killed worker's call is seen as lost within seconds. */
const SHORT_POLICY = Object.freeze({
  releaseDelaySeconds: 0,
  callTimeoutSeconds: 3,
  callRetryMillis: 100,
  retryPauseSeconds: 1,
  retryPauseMaxSeconds: 5,
  // So high that no refund of a proof waits for a second person, in yen either.
  refundLimits: { channel: 0, support: 1_000_000, ops: 1_000_000 },
});

/** Starts the stage; with `options` as startStack takes them. */
export async function openStage(options: StackOptions = {}): Promise<Stage> {
  const stack = await startStack({ ports: 'free', pace: 0, policy: SHORT_POLICY, ...options });
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-proof-'));
  const close = async () => {
    await stack.stop();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const target = async (role: 'channel' | 'ops'): Promise<Target> => {
      const { key } = await stack.createKey(role, 'proof');
      return { url: stack.apiUrl, apiKey: key };
    };
    return { stack, folder, shop: await target('channel'), ops: await target('ops'), close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Runs a proof on a stage of its own, so that none sees the orders of another. */
export function onStage(work: (stage: Stage, figures: Figures) => Promise<void>): Proof['run'] {
  return async (figures) => {
    const stage = await openStage({ quiet: true });
    try {
      await work(stage, figures);
    } finally {
      await stage.close();
    }
  };
}
