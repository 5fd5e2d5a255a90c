/** The proofs of money: what is taken and given back is right to the minor unit, whatever goes wrong in between. */
import type { Proof } from '../main.ts';
import { onStage } from '../stage.ts';
import { proveGatewayDown, proveLostReplies } from './charges.ts';
import { proveReceipts, proveSharedGiftCard, proveTenders } from './methods.ts';
import { proveParcels } from './parcels.ts';
import { proveOutside, proveParallelRefunds, proveTwoRefunds } from './refunds.ts';
import { proveSequences } from './sequences.ts';

/** All proofs of money, in the order in which they run. */
export const MONEY: readonly Proof[] = [
  { title: 'any sequence of captures, refunds and charge-backs: 100,000 cases', run: proveSequences },
  { title: '300 charges, 30 % of the replies lost', run: onStage(proveLostReplies) },
  { title: '100 parallel refunds of one order', run: onStage(proveParallelRefunds) },
  { title: 'two refunds of 60 % at once', run: onStage(proveTwoRefunds) },
  { title: 'three parcels in EUR, JPY and KWD', run: onStage(proveParcels) },
  { title: 'the gateway is down for 20 seconds', run: onStage(proveGatewayDown) },
  { title: 'a refund and a dispute from outside', run: onStage(proveOutside) },
  { title: 'gift card, store credit and card on one order', run: onStage(proveTenders) },
  { title: 'one gift card that many orders want', run: onStage(proveSharedGiftCard) },
  { title: 'a file of bank transfers, given three times', run: onStage(proveReceipts) },
];
