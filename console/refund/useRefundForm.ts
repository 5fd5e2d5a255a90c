/** The state of the refund dialog: what is typed, its preview, and how it is sent. */
import { useState, type FormEvent } from 'react';
import type { OrderDetail } from '../../api/schemas/orders.ts';
import { useDraft } from '../actions/useDraft.ts';
import { useGuard } from '../actions/useGuard.ts';
import { useIntention } from '../actions/useIntention.ts';
import {
  forPreview,
  NO_VALUES,
  readRefund,
  refundableLines,
  withReason,
  type RefundValues,
} from './request.ts';
import { usePreview } from './usePreview.ts';
import { useRefund } from './useRefundWrites.ts';
import { problemWords } from './words.ts';

interface Given {
  order: OrderDetail;
  onClose: () => void;
  onDone: () => void;
}

/** The form as its parts work with it. */
export type RefundFormState = ReturnType<typeof useRefundForm>;

/** What is typed stays whatever the API says; what is missing is said once it was to be sent. */
export function useRefundForm({ order, onClose, onDone }: Given) {
  const { currency } = order.total;
  const [values, setValues] = useState<RefundValues>(NO_VALUES);
  const [isAsked, setAsked] = useState(false);
  const note = useDraft(`refund ${order.id}`);
  const lines = refundableLines(order);
  const typed = readRefund(values, lines, currency);
  const live = usePreview(order.id, typed.kind === 'request' ? forPreview(typed.request) : undefined);
  const refund = useRefund();
  const intention = useIntention();
  const guard = useGuard();

  function submit(event: FormEvent): void {
    event.preventDefault();
    setAsked(true);
    const body =
      typed.kind === 'request'
        ? withReason(typed.request, { reason: values.reason, note: note.text })
        : undefined;
    // Nobody gives money back whose amount they have not seen.
    if (body === undefined || !live.isCurrent || !live.preview?.plan || !guard.begin()) return;
    refund.mutate(
      { order: order.id, orderNumber: order.number, action: 'refund', body, key: intention.keyFor(body) },
      {
        onSuccess() {
          note.change('');
          onDone();
          onClose();
        },
        onError: intention.failed,
        onSettled: guard.end,
      },
    );
  }

  return {
    order,
    currency,
    lines,
    values,
    note,
    live,
    refund,
    submit,
    problems: typed.kind === 'wrong' ? typed.problems : {},
    isReasonMissing: isAsked && values.reason === '',
    /** What keeps it from being sent, in words; undefined when nothing does. */
    why: whyNotYet(typed.kind, live),
    isAsked,
    set: (patch: Partial<RefundValues>) => setValues((before) => ({ ...before, ...patch })),
  };
}

function whyNotYet(
  kind: 'nothing' | 'wrong' | 'request',
  live: ReturnType<typeof usePreview>,
): string | undefined {
  if (kind === 'nothing') return 'Say what is given back: units, shipping or goodwill.';
  if (kind === 'wrong') return 'Something above is not written as it should be.';
  if (live.error !== null) return 'It could not be calculated; see above.';
  if (!live.isCurrent) return 'It is being calculated.';
  const { problem } = live.preview ?? { problem: null };
  return problem === null ? undefined : problemWords(problem);
}
