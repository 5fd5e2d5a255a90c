/** An amount, right aligned where it stands in a column, with its currency. */
import { Text, type TextProps } from '@mantine/core';
import { formatMoney } from '../format.ts';

/** Shows an amount of minor units; a dash for none. */
export function Money({
  money,
  ...text
}: { money: { amount: number; currency: string } | null | undefined } & TextProps) {
  return (
    <Text span inherit className="figures" {...text}>
      {money ? formatMoney(money.amount, money.currency) : '–'}
    </Text>
  );
}
