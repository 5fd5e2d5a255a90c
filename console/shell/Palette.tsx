/** The palette that Ctrl-K opens: an order by its number, a search, a page or a view, without the mouse. */
import { Modal, Text, TextInput, UnstyledButton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState, type KeyboardEvent } from 'react';
import { savedViewsQuery } from '../api/queries.ts';
import { paletteEntries, type PaletteEntry } from './paletteEntries.ts';

const LIST_ID = 'palette-list';

/** The dialog. */
export function Palette({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const [hasJumped, setHasJumped] = useState(false);
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title="Find and jump"
      yOffset="10vh"
      // After a jump the focus belongs to the page that was jumped to.
      returnFocus={!hasJumped}
      onEnterTransitionEnd={() => setHasJumped(false)}
    >
      <Finder
        onJump={() => {
          setHasJumped(true);
          onClose();
        }}
      />
    </Modal>
  );
}

function Finder({ onJump }: { onJump: () => void }) {
  const navigate = useNavigate();
  const kept = useQuery(savedViewsQuery).data?.data ?? [];
  const [text, setText] = useState('');
  const [at, setAt] = useState(0);
  const entries = paletteEntries(text, kept);
  const chosen = entries[Math.min(at, entries.length - 1)];

  function jump(entry: PaletteEntry | undefined): void {
    if (!entry) return;
    onJump();
    void navigate({ to: entry.to, search: entry.search });
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (event.nativeEvent.isComposing) return;
    if (event.key === 'Enter') jump(chosen);
    else if (event.key === 'ArrowDown') setAt(Math.min(at + 1, entries.length - 1));
    else if (event.key === 'ArrowUp') setAt(Math.max(at - 1, 0));
    else return;
    event.preventDefault();
  }

  return (
    <>
      <TextInput
        data-autofocus
        label="An order number, what to search for, a page or a view"
        placeholder="100042"
        value={text}
        onChange={(event) => {
          setText(event.currentTarget.value);
          setAt(0);
        }}
        onKeyDown={onKeyDown}
        role="combobox"
        aria-expanded
        aria-controls={LIST_ID}
        aria-autocomplete="list"
        aria-activedescendant={chosen && optionId(chosen)}
        autoComplete="off"
        spellCheck={false}
      />
      <div role="listbox" id={LIST_ID} aria-label="Where to" className="paletteList">
        {entries.map((entry) => (
          <Option key={entry.id} entry={entry} isChosen={entry === chosen} onChoose={() => jump(entry)} />
        ))}
      </div>
    </>
  );
}

function Option({
  entry,
  isChosen,
  onChoose,
}: {
  entry: PaletteEntry;
  isChosen: boolean;
  onChoose: () => void;
}) {
  return (
    <UnstyledButton
      role="option"
      id={optionId(entry)}
      aria-selected={isChosen}
      tabIndex={-1}
      className="paletteOption"
      data-on={isChosen}
      ref={(element) => {
        if (isChosen) element?.scrollIntoView({ block: 'nearest' });
      }}
      onClick={onChoose}
    >
      <Text span size="sm">
        {entry.label}
      </Text>
      <Text span size="xs">
        {entry.group}
      </Text>
    </UnstyledButton>
  );
}

function optionId(entry: PaletteEntry): string {
  return `palette-${entry.id.replace(/[^a-z0-9]+/gi, '-')}`;
}
