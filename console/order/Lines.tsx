/** The lines of an order: what was ordered at which price, and where every unit of it is. */
import { Badge, Group, Table, Text } from '@mantine/core';
import type { OrderDetail } from '../../api/schemas/orders.ts';
import { formatCount } from '../format.ts';
import { Money } from '../parts/Money.tsx';
import { sumWords, unitPrice } from './prices.ts';
import { Section, Sideways } from './Section.tsx';

type Line = OrderDetail['lines'][number];

const LEDGER: readonly { title: string; units(ledger: Line['ledger']): number }[] = [
  { title: 'Ordered', units: (ledger) => ledger.ordered },
  { title: 'Cancelled', units: (ledger) => ledger.cancelled },
  { title: 'Allocated', units: (ledger) => ledger.allocated },
  { title: 'Fulfilled', units: (ledger) => ledger.fulfilled },
  { title: 'Shipped', units: (ledger) => ledger.shipped },
  { title: 'Delivered', units: (ledger) => ledger.delivered },
  { title: 'Returned', units: (ledger) => ledger.returnReceived },
];
const COLUMNS = ['Units', 'Unit price', 'Discount', 'Tax', 'Total'] as const;

/** The table of lines and the sums below it. */
export function Lines({ order }: { order: OrderDetail }) {
  return (
    <Section title="Lines">
      <Sideways label="Lines of the order">
        <Table>
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">Item</Table.Th>
              {COLUMNS.map((title) => (
                <Table.Th key={title} scope="col" ta="right">
                  {title}
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {order.lines.map((line) => (
              <LineRow key={line.lineNo} line={line} pricesIncludeTax={order.pricesIncludeTax} />
            ))}
          </Table.Tbody>
        </Table>
      </Sideways>
      <Sums order={order} />
      <Text size="xs" className="quiet">
        {sumWords(order.pricesIncludeTax)} Fulfilled: handed to the warehouse to be picked and packed.
      </Text>
    </Section>
  );
}

function LineRow({ line, pricesIncludeTax }: { line: Line; pricesIncludeTax: boolean }) {
  const amounts = [
    ['price', unitPrice(line, pricesIncludeTax)],
    ['discount', line.discount.amount === 0 ? null : line.discount],
    ['tax', line.tax.amount === 0 ? null : line.tax],
    ['total', line.total],
  ] as const;
  return (
    <>
      <Table.Tr className="line" data-line={line.lineNo}>
        <Table.Th scope="row" fw={400}>
          <Text size="sm" fw={600}>
            {line.name}
          </Text>
          <Group gap={6}>
            <Text size="xs" ff="monospace">
              {line.sku}
            </Text>
            {line.variant !== null && <Text size="xs">{line.variant}</Text>}
            {!line.requiresShipping && <Badge size="sm">not shipped</Badge>}
          </Group>
          {Object.entries(line.attributes).map(([name, value]) => (
            <Text size="xs" key={name}>
              {name}: {String(value)}
            </Text>
          ))}
        </Table.Th>
        <Table.Td className="figures">{formatCount(line.quantity)}</Table.Td>
        {amounts.map(([name, money]) => (
          <Table.Td key={name} className="figures">
            <Money money={money} />
          </Table.Td>
        ))}
      </Table.Tr>
      <Table.Tr>
        <Table.Td colSpan={COLUMNS.length + 1} pt={0}>
          <Ledger line={line} />
        </Table.Td>
      </Table.Tr>
    </>
  );
}

/** Where the units of the line are: every counter, so that a zero can be told from a counter that is missing. */
function Ledger({ line }: { line: Line }) {
  return (
    <dl className="ledger" aria-label={`Where the units of ${line.sku} are`}>
      {LEDGER.map(({ title, units }) => (
        <div key={title} data-some={units(line.ledger) > 0}>
          <dt>{title}</dt>
          <dd>{formatCount(units(line.ledger))}</dd>
        </div>
      ))}
    </dl>
  );
}

function Sums({ order }: { order: OrderDetail }) {
  const rows = [
    ['Subtotal', order.subtotal],
    ['Discount', order.discount],
    ['Shipping', order.shippingPrice],
    [order.pricesIncludeTax ? 'Tax, included' : 'Tax', order.tax],
    ['Total', order.total],
  ] as const;
  return (
    <dl className="sums" aria-label="Sums of the order">
      {rows.map(([title, money]) => (
        <div key={title} data-total={title === 'Total'}>
          <dt>{title}</dt>
          <dd className="figures">
            <Money money={money} />
          </dd>
        </div>
      ))}
    </dl>
  );
}
