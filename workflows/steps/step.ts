/** The shape of a step: what is due for a share of the view, done, gives the view after it. */
import type { OrderView, ShareView, Step } from '../../domain/lifecycle.ts';

/** Runs one due step. Rejects only when the activity gave up; business refusals are in the view. */
export type RunStep = (view: OrderView, share: ShareView, step: Step) => Promise<OrderView>;
