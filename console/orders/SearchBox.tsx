/** The search: at once on Enter, else a moment after the last key. */
import { CloseButton, Kbd, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useCallback, useEffect, useRef, useState, type KeyboardEvent, type RefObject } from 'react';

const PATIENCE_MILLIS = 300;

/** The field; `q` is what is searched for now, `onSearch` is told what is to be. */
export function SearchBox({
  q,
  onSearch,
  field,
  label = 'Search orders',
  placeholder = 'Number, external id, SKU, tracking, name or e-mail',
  onLeave,
}: {
  label?: string;
  placeholder?: string;
  q: string;
  onSearch: (q: string) => void;
  field: RefObject<HTMLInputElement | null>;
  /** Goes on to what was found: by the arrow down, or by Enter when what is typed was searched for already. */
  onLeave: () => void;
}) {
  const { text, type, settle } = useTyped(q, onSearch);

  function onKeyDown(event: KeyboardEvent<HTMLInputElement>): void {
    if (event.nativeEvent.isComposing) return;
    const isSettled = text.trim() === q;
    if (event.key === 'Enter' && !isSettled) return settle(text);
    if (event.key === 'Enter' || event.key === 'ArrowDown') {
      settle(text);
      onLeave();
      event.preventDefault();
    }
    if (event.key !== 'Escape') return;
    // The first Escape empties the field, the next one leaves it.
    if (text === '') event.currentTarget.blur();
    else settle('');
    event.preventDefault();
  }

  return (
    <TextInput
      ref={field}
      type="search"
      w={440}
      maw="100%"
      aria-label={label}
      placeholder={placeholder}
      leftSection={<IconSearch size={16} aria-hidden />}
      rightSection={
        text === '' ? (
          <Kbd size="xs" aria-hidden>
            /
          </Kbd>
        ) : (
          <CloseButton size="sm" aria-label="Clear the search" onClick={() => settle('')} />
        )
      }
      value={text}
      onChange={(event) => type(event.currentTarget.value)}
      onKeyDown={onKeyDown}
      // A search that came a moment after a click on an order would bring the list back over it.
      onBlur={() => settle(text)}
      autoComplete="off"
      spellCheck={false}
      maxLength={200}
    />
  );
}

/** What is typed; the address follows it, and it follows the address when that changes by other means. */
function useTyped(q: string, onSearch: (q: string) => void) {
  const [text, setText] = useState(q);
  const [followed, setFollowed] = useState(q);
  const [asked, setAsked] = useState(q);
  const search = useRef(onSearch);
  useEffect(() => {
    search.current = onSearch;
  });
  if (q !== followed) {
    setFollowed(q);
    // What was asked for here comes back while somebody types on: it must not take the new letters away.
    if (q !== asked) setText(q);
  }
  const ask = useCallback((next: string) => {
    setAsked(next);
    search.current(next);
  }, []);
  useEffect(() => {
    if (text.trim() === q) return undefined;
    const timer = setTimeout(() => ask(text.trim()), PATIENCE_MILLIS);
    return () => clearTimeout(timer);
  }, [text, q, ask]);
  return {
    text,
    type: setText,
    settle(next: string) {
      setText(next);
      if (next.trim() !== q) ask(next.trim());
    },
  };
}
