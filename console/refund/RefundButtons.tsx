/** What a person can do about a refund: a button each, with the reason where they may not. */
import { Group } from '@mantine/core';
import { useState } from 'react';
import type { Refund } from '../../api/schemas/refunds.ts';
import { ReasonedButton } from '../actions/ReasonedButton.tsx';
import { useScopes } from '../actions/useRights.ts';
import { useSession } from '../shell/session.ts';
import { ACT_WORDS, offeredActs, type RefundAct } from './acts.ts';
import { DecisionDialog } from './DecisionDialog.tsx';

/** The buttons and their dialog; nothing when nothing can be done. */
export function RefundButtons({ refund }: { refund: Refund }) {
  const [act, setAct] = useState<RefundAct>();
  const scopes = useScopes();
  const actor = useSession()?.actor;
  const offered = offeredActs(refund, { actor, scopes });
  return (
    <>
      {offered.length > 0 && (
        <Group gap="xs">
          {offered.map((one) => (
            <ReasonedButton
              key={one.act}
              why={one.why}
              variant={one.act === 'approve' ? 'filled' : 'default'}
              aria-label={`${ACT_WORDS[one.act].verb}: refund ${refund.seq} of order ${refund.orderNumber}`}
              onClick={() => setAct(one.act)}
            >
              {ACT_WORDS[one.act].verb}…
            </ReasonedButton>
          ))}
        </Group>
      )}
      <DecisionDialog asked={act && { refund, act }} onClose={() => setAct(undefined)} />
    </>
  );
}
