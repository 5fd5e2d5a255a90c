/** The carrier: book a parcel and, as its undo, void the label. */
import { callOptions, carrier } from '../proxies.ts';
import { shareOf, type RunStep } from './step.ts';

/** Do: a label is bought for the share's parcel. Undo: {@link voidLabel}. */
export const book: RunStep = (view, step) => {
  const share = shareOf(view, step);
  return carrier.bookShipment.executeWithOptions(
    callOptions(view, `book parcel ${share.seq} from ${share.location}`),
    [{ orderId: view.orderId, shareId: share.id, subject: step.subject }],
  );
};

/** Undo of book, as long as the parcel has not left. */
export const voidLabel: RunStep = (view, step) => {
  const share = shareOf(view, step);
  return carrier.voidLabel.executeWithOptions(callOptions(view, `void the label of parcel ${share.seq}`), [
    { orderId: view.orderId, shareId: share.id, subject: step.subject },
  ]);
};
