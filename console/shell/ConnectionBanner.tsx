/** Says that the connection is lost, and that it is back. A hiccup of two seconds is nobody's business. */
import { Alert } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useConnection } from '../live.ts';

const PATIENCE_MILLIS = 2_000;
const BACK_MILLIS = 5_000;

type Said = 'nothing' | 'lost' | 'back';

/** The banner over the page; a live region that is always there, so that screen readers hear it change. */
export function ConnectionBanner() {
  const said = useSaid(useConnection() === 'lost');
  return (
    <div role="status" aria-live="polite">
      {said === 'lost' && (
        <Alert color="orange" mb="sm" p="xs" title="Connection lost; trying again.">
          What you see may be old.
        </Alert>
      )}
      {said === 'back' && (
        <Alert color="green" mb="sm" p="xs" title="Back again.">
          What you see is being brought up to date.
        </Alert>
      )}
    </div>
  );
}

function useSaid(isLost: boolean): Said {
  const [said, setSaid] = useState<Said>('nothing');
  useEffect(() => {
    if (isLost) return after(PATIENCE_MILLIS, () => setSaid('lost'));
    setSaid((before) => (before === 'lost' ? 'back' : 'nothing'));
    return after(BACK_MILLIS, () => setSaid('nothing'));
  }, [isLost]);
  return said;
}

function after(millis: number, act: () => void): () => void {
  const timer = setTimeout(act, millis);
  return () => clearTimeout(timer);
}
