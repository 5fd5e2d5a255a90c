/** A part of the order page: a heading that the keyboard can jump to, and what stands below it. */
import { Paper, Title } from '@mantine/core';
import { useId, type ReactNode } from 'react';

/** A part of the page with its heading. */
export function Section({
  title,
  aside,
  children,
}: {
  title: string;
  aside?: ReactNode;
  children: ReactNode;
}) {
  const id = useId();
  return (
    <Paper component="section" withBorder p="md" aria-labelledby={id}>
      <div className="sectionHead">
        <Title order={2} size="h5" id={id} tabIndex={-1} data-section="">
          {title}
        </Title>
        {aside}
      </div>
      {children}
    </Paper>
  );
}

/** Moves the focus to the next (1) or the previous (-1) part of the page. */
export function moveSection(by: 1 | -1): void {
  const heads = [...document.querySelectorAll<HTMLElement>('[data-section]')];
  const here = heads.findIndex((head) => head === document.activeElement);
  const next = heads[here === -1 ? (by === 1 ? 0 : heads.length - 1) : here + by];
  next?.focus();
}

/** A place that scrolls sideways when it is too wide, by keyboard too. */
export function Sideways({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className="sideways" role="region" aria-label={label} tabIndex={0}>
      {children}
    </div>
  );
}
