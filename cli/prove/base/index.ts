/** The proofs of the base: from placed to delivered, on real parts. */
import type { Proof } from '../main.ts';
import { onStage } from '../stage.ts';
import { proveBadInput } from './badInput.ts';
import { proveDemo } from './demo.ts';
import { proveImport } from './imports.ts';
import { proveKeys } from './keys.ts';
import { proveBench, proveReplay } from './programs.ts';
import { proveKilledWorker, proveLostReplies, proveOutage } from './trouble.ts';

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
