/** A small button that copies a text, and says when the browser does not let it. */
import { ActionIcon, Tooltip } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { useState } from 'react';

const SHOWN_MILLIS = 2_000;

/** Copies `text`; `what` names it: "Copy the tracking code". */
export function Copy({ text, what }: { text: string; what: string }) {
  const [isCopied, setCopied] = useState(false);
  const label = isCopied ? 'Copied' : `Copy ${what}`;

  async function copy(): Promise<void> {
    try {
      await navigator.clipboard.writeText(text);
      setCopied(true);
      setTimeout(() => setCopied(false), SHOWN_MILLIS);
    } catch {
      // Over plain HTTP browsers have no clipboard for pages, and a person may have forbidden it.
      notifications.show({ color: 'orange', title: 'The browser does not let it be copied', message: text });
    }
  }

  return (
    <Tooltip label={label}>
      <ActionIcon variant="subtle" size={24} aria-label={label} onClick={() => void copy()}>
        {isCopied ? <IconCheck size={16} aria-hidden /> : <IconCopy size={16} aria-hidden />}
      </ActionIcon>
    </Tooltip>
  );
}
