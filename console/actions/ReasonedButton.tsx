/** A button that says why it can't be pressed: it stays focusable, so that hover, focus and screen readers get the reason. */
import { Button, Tooltip, VisuallyHidden, type ButtonProps } from '@mantine/core';
import { useId, type ReactNode } from 'react';

/** A button with the reason for which it is disabled, when it is. */
export function ReasonedButton({
  why,
  onClick,
  children,
  ...button
}: { why: string | undefined; onClick: () => void; children: ReactNode } & ButtonProps) {
  const id = useId();
  if (why === undefined)
    return (
      <Button {...button} onClick={onClick}>
        {children}
      </Button>
    );
  return (
    <>
      <Tooltip label={why} multiline maw={320}>
        <Button
          {...button}
          data-disabled
          aria-disabled="true"
          aria-describedby={id}
          onClick={(event) => event.preventDefault()}
        >
          {children}
        </Button>
      </Tooltip>
      <VisuallyHidden id={id}>{why}</VisuallyHidden>
    </>
  );
}
