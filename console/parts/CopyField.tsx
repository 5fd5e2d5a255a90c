/** A text that is to be taken along: it can be selected, and copied by a button. */
import { Group, TextInput } from '@mantine/core';
import { Copy } from '../order/Copy.tsx';

/** The field; `what` completes "Copy …". */
export function CopyField({ label, text, what }: { label: string; text: string; what: string }) {
  return (
    <Group gap="xs" align="flex-end" wrap="nowrap">
      <TextInput
        label={label}
        value={text}
        readOnly
        flex={1}
        ff="monospace"
        onFocus={(event) => event.currentTarget.select()}
      />
      <Copy text={text} what={what} />
    </Group>
  );
}
