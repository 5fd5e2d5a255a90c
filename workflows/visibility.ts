/** What operators see in Temporal Web without opening the events: search attributes and the current details. */
import { setCurrentDetails, upsertSearchAttributes, workflowInfo } from '@temporalio/workflow';
import type { OrderView } from '../domain/lifecycle.ts';
import { describe } from '../domain/waits.ts';
import { SEARCH_ATTRIBUTES } from './contract.ts';

/** Lifecycles worth an event: the others are set at the start or pass in a moment. */
const SHOWN: readonly string[] = ['processing', 'completed', 'cancelled', 'expired', 'rejected'];

/** Keeps Temporal Web true to the view, writing only what has changed (an upsert costs one event). */
export class Visibility {
  private lifecycle = 'received';
  /** A run that continues another does not know what that one has shown. */
  private attention = workflowInfo().continuedFromExecutionRunId === undefined ? '' : 'unknown';
  private details = '';

  /** Shows the view. */
  show(view: OrderView): void {
    const details = describe(view);
    if (details !== this.details) setCurrentDetails(details);
    this.details = details;
    const attention = view.attention.join(',');
    const lifecycle = SHOWN.includes(view.lifecycle) ? view.lifecycle : this.lifecycle;
    const updates = [
      ...(lifecycle === this.lifecycle ? [] : [{ key: SEARCH_ATTRIBUTES.Lifecycle, value: lifecycle }]),
      ...(attention === this.attention
        ? []
        : [{ key: SEARCH_ATTRIBUTES.Attention, value: view.attention.length > 0 ? view.attention : null }]),
    ];
    this.lifecycle = lifecycle;
    this.attention = attention;
    if (updates.length > 0) upsertSearchAttributes(updates);
  }
}
