/** The fields of the refund dialog: units of each line, and amounts in the currency's own decimals. */
import { Button, Fieldset, Group, Stack, Table, Text, TextInput } from '@mantine/core';
import { FEE_KINDS } from '../../domain/refund.ts';
import { formatCount } from '../format.ts';
import { amountText } from '../parts/amount.ts';
import { allUnits, shippingLeft } from './request.ts';
import type { RefundFormState } from './useRefundForm.ts';
import { FEE_WORDS } from './words.ts';

/** How many units of each line; the first that has any is where one begins. */
export function UnitFields({ form }: { form: RefundFormState }) {
  const { lines, values, problems, set } = form;
  const first = lines.find((line) => line.refundable > 0)?.lineNo;
  if (first === undefined)
    return <Text size="sm">No units can be refunded: none was sent or cancelled, or all are refunded.</Text>;
  return (
    <div>
      <Table aria-label="Units to refund" horizontalSpacing={6}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">Item</Table.Th>
            <Table.Th scope="col" ta="right">
              Refundable
            </Table.Th>
            <Table.Th scope="col">Units</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {lines.map(({ lineNo, name, sku, quantity, refundable }) => (
            <Table.Tr key={lineNo}>
              <Table.Th scope="row" fw={400}>
                <Text size="sm" className="breaks">
                  {name}
                </Text>
                <Text size="xs" ff="monospace" className="breaks">
                  {sku}
                </Text>
              </Table.Th>
              <Table.Td className="figures">
                {formatCount(refundable)} of {formatCount(quantity)}
              </Table.Td>
              <Table.Td w={96}>
                {refundable > 0 && (
                  <TextInput
                    aria-label={`Units of ${name} to refund, at most ${refundable}`}
                    inputMode="numeric"
                    autoComplete="off"
                    placeholder="0"
                    data-autofocus={lineNo === first ? true : undefined}
                    value={values.units[lineNo] ?? ''}
                    onChange={(event) =>
                      set({ units: { ...values.units, [lineNo]: event.currentTarget.value } })
                    }
                    error={problems[`line ${lineNo}`]}
                  />
                )}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      <Button variant="default" mt="xs" onClick={() => set({ units: allUnits(lines) })}>
        All units
      </Button>
    </div>
  );
}

/** Shipping, goodwill, and what is kept back. */
export function AmountFields({ form }: { form: RefundFormState }) {
  const { order, currency, values, problems, set } = form;
  const shippingMinor = shippingLeft(order);
  const hasUnits = form.lines.some((line) => line.refundable > 0);
  const field = { autoComplete: 'off', placeholder: amountText(0, currency) } as const;
  return (
    <Stack gap="xs">
      <Group grow align="flex-start">
        {shippingMinor > 0 && (
          <TextInput
            {...field}
            label={`Shipping (${currency})`}
            description={`At most ${amountText(shippingMinor, currency)}.`}
            inputMode="decimal"
            value={values.shipping}
            onChange={(event) => set({ shipping: event.currentTarget.value })}
            error={problems['shipping']}
          />
        )}
        <TextInput
          {...field}
          label={`Goodwill (${currency})`}
          description="On top, for no unit."
          inputMode="decimal"
          data-autofocus={hasUnits ? undefined : true}
          value={values.goodwill}
          onChange={(event) => set({ goodwill: event.currentTarget.value })}
          error={problems['goodwill']}
        />
      </Group>
      <Fieldset legend={`Kept back (${currency})`} p="xs">
        <Group grow align="flex-start">
          {FEE_KINDS.map((kind) => (
            <TextInput
              key={kind}
              {...field}
              label={FEE_WORDS[kind]}
              inputMode="decimal"
              value={values.fees[kind]}
              onChange={(event) => set({ fees: { ...values.fees, [kind]: event.currentTarget.value } })}
              error={problems[`fee ${kind}`]}
            />
          ))}
        </Group>
      </Fieldset>
    </Stack>
  );
}
