/**
 * The look: Mantine's own, with shades chosen so that text, links and filled buttons keep a contrast of at least 4.5:1 in
 * both schemes (with the default shades 41 nodes failed axe in light mode, and filled buttons in dark; white on red 7 too).
 */
import {
  Badge,
  Button,
  createTheme,
  defaultVariantColorsResolver,
  Menu,
  Modal,
  Notification,
  Table,
  Tooltip,
} from '@mantine/core';

/** The theme of the whole console. */
export const theme = createTheme({
  primaryColor: 'indigo',
  primaryShade: { light: 8, dark: 5 },
  autoContrast: true,
  defaultRadius: 'sm',
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, sans-serif',
  fontFamilyMonospace: 'ui-monospace, SFMono-Regular, Menlo, Consolas, monospace',
  cursorType: 'pointer',
  variantColorResolver(input) {
    const colors = defaultVariantColorsResolver(input);
    const name = input.color ?? 'indigo';
    if (name.includes('.') || !(name in input.theme.colors)) return colors;
    // Titles of alerts: orange and green on their own tint reach 3.6:1 and 3.8:1 only.
    if (input.variant === 'light')
      return {
        ...colors,
        color: `light-dark(color-mix(in srgb, var(--mantine-color-${name}-9), black 25%), var(--mantine-color-${name}-light-color))`,
      };
    if (input.variant !== 'filled') return colors;
    return {
      ...colors,
      background: `var(--mantine-color-${name}-8)`,
      hover: `var(--mantine-color-${name}-9)`,
      color: 'var(--mantine-color-white)',
    };
  },
  components: {
    Badge: Badge.extend({ defaultProps: { variant: 'dot', tt: 'none', fw: 500 } }),
    // Named, because a button without a variant takes its colour past the resolver above.
    Button: Button.extend({ defaultProps: { size: 'xs', variant: 'filled' } }),
    // The kit's place for the first focus is no menu item: axe objects, and screen readers count it.
    Menu: Menu.extend({ defaultProps: { withInitialFocusPlaceholder: false } }),
    Modal: Modal.extend({
      defaultProps: { closeButtonProps: { 'aria-label': 'Close' } },
      styles: { title: { fontWeight: 600 } },
    }),
    Notification: Notification.extend({
      defaultProps: { closeButtonProps: { 'aria-label': 'Close this message' } },
    }),
    Table: Table.extend({ defaultProps: { verticalSpacing: 6, horizontalSpacing: 'sm' } }),
    Tooltip: Tooltip.extend({
      defaultProps: { openDelay: 300, withArrow: true, events: { hover: true, focus: true, touch: true } },
    }),
  },
});
