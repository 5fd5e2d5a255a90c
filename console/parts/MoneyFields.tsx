/** The two fields of an amount: how much and of which currency. What is missing is said once the form was to be sent. */
import { Group, TextInput } from '@mantine/core';
import { fieldError } from './ProblemNotice.tsx';
import type { TypedMoney } from './typedMoney.ts';

interface Given {
  label: string;
  values: { amount: string; currency: string };
  onChange: (patch: { amount?: string; currency?: string }) => void;
  /** What the fields say, once it is to be told. */
  read: TypedMoney | undefined;
  /** What the API refused, and where the two stand in its body. */
  error: unknown;
  pointers: { amount: string; currency: string };
  /** False where the currency is known. */
  canChooseCurrency?: boolean;
}

/** The fields. */
export function MoneyFields({
  label,
  values,
  onChange,
  read,
  error,
  pointers,
  canChooseCurrency = true,
}: Given) {
  const wrong = read?.ok === false ? read : undefined;
  return (
    <Group gap="sm" align="flex-start" grow preventGrowOverflow={false}>
      <TextInput
        label={canChooseCurrency ? label : `${label}, ${values.currency}`}
        required
        autoComplete="off"
        inputMode="decimal"
        value={values.amount}
        onChange={(event) => onChange({ amount: event.currentTarget.value })}
        error={wrong?.amount ?? fieldError(error, pointers.amount)}
      />
      {canChooseCurrency && (
        <TextInput
          label="Currency"
          required
          autoComplete="off"
          spellCheck={false}
          maxLength={3}
          placeholder="EUR"
          value={values.currency}
          onChange={(event) => onChange({ currency: event.currentTarget.value })}
          error={wrong?.currency ?? fieldError(error, pointers.currency)}
        />
      )}
    </Group>
  );
}
