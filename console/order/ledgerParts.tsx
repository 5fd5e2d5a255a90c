/** Pieces of the tables of money: their heads, long ids, and a figure with its title. */
import { Group, Table, Text } from '@mantine/core';
import { Copy } from './Copy.tsx';

/** A figure with its title, for a `dl`. */
export function Figure({ title, value }: { title: string; value: string }) {
  return (
    <div>
      <Text size="xs" component="dt">
        {title}
      </Text>
      <Text size="sm" fw={600} component="dd" m={0}>
        {value}
      </Text>
    </div>
  );
}

/** The head of a table: titles, then amounts, which stand on the right. */
export function Head({ titles, amounts }: { titles: readonly string[]; amounts: readonly string[] }) {
  return (
    <Table.Thead>
      <Table.Tr>
        {titles.map((title) => (
          <Table.Th key={title} scope="col">
            {title}
          </Table.Th>
        ))}
        {amounts.map((title) => (
          <Table.Th key={title} scope="col" ta="right">
            {title}
          </Table.Th>
        ))}
      </Table.Tr>
    </Table.Thead>
  );
}

/** A long id: shortened in the middle of a table, whole on hover and in the clipboard. */
export function Identifier({
  text,
  what,
  width = 130,
}: {
  text: string | null;
  what: string;
  width?: number;
}) {
  if (text === null) return <>{'–'}</>;
  return (
    <Group gap={4} wrap="nowrap">
      <Text size="xs" ff="monospace" title={text} maw={width} truncate>
        {text}
      </Text>
      <Copy text={text} what={what} />
    </Group>
  );
}
