/** Dialogs that are loaded when they are first opened. */
import { lazy, Suspense, useEffect, useState, type ComponentType } from 'react';
import { part } from './loading.ts';

/** What every dialog is told. */
export interface DialogProps {
  opened: boolean;
  onClose: () => void;
}

/**
 * A dialog whose program is fetched when it is first opened. It is put on the page closed and opened a moment later:
 * a dialog remembers where the focus was only when it sees itself being opened.
 */
export function lazyDialog(load: () => Promise<ComponentType<DialogProps>>): ComponentType<DialogProps> {
  const Loaded = lazy(async () => ({ default: await part(load) }));

  function Late({ opened, onClose }: DialogProps) {
    const isThere = useIsThere();
    return <Loaded opened={opened && isThere} onClose={onClose} />;
  }

  return function LazyDialog({ opened, onClose }: DialogProps) {
    const [isUsed, setUsed] = useState(false);
    if (opened && !isUsed) setUsed(true);
    if (!isUsed) return null;
    return (
      <Suspense>
        <Late opened={opened} onClose={onClose} />
      </Suspense>
    );
  };
}

/** False at the first drawing and true from then on. */
export function useIsThere(): boolean {
  const [isThere, setThere] = useState(false);
  useEffect(() => setThere(true), []);
  return isThere;
}
