/** The proofs of the base: from placed to delivered, on real parts. */
import type { Proof } from '../main.ts';
import { openStage, type Stage } from '../stage.ts';
import { proveBadInput } from './badInput.ts';
import { proveDemo } from './demo.ts';
import { proveImport } from './imports.ts';
import { proveKeys } from './keys.ts';
import { proveBench, proveReplay } from './programs.ts';
import { proveKilledWorker, proveLostReplies, proveOutage } from './trouble.ts';

/** Runs a proof on a stage of its own, so that none sees the orders of another. */
function onStage(work: (stage: Stage, figures: Parameters<Proof['run']>[0]) => Promise<void>): Proof['run'] {
  return async (figures) => {
    const stage = await openStage({ quiet: true });
    try {
      await work(stage, figures);
    } finally {
      await stage.close();
    }
  };
}

/** All proofs of the base, in the order in which they run. */
export const BASE: readonly Proof[] = [
  { title: 'accepting: 200 keys, 20 parallel posts each', run: onStage(proveKeys) },
  { title: 'bad input: typed problems, nothing stored', run: onStage(proveBadInput) },
  { title: 'the demo: 200 varied orders settle', run: onStage(proveDemo) },
  { title: 'gateway does it and loses the reply', run: onStage(proveLostReplies) },
  { title: 'worker killed between the gateway and its answer', run: onStage(proveKilledWorker) },
  { title: 'Temporal down while 50 orders are posted', run: onStage(proveOutage) },
  { title: 'an import balances', run: proveImport },
  { title: 'recorded histories replay', run: proveReplay },
  { title: 'bench: B1 and B3', run: proveBench },
];
