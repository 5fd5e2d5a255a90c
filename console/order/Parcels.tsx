/** Parcels with where they are and their scans, and the share of each warehouse. */
import { Anchor, Group, Progress, Stack, Table, Text, Title } from '@mantine/core';
import type { OrderDetail } from '../../api/schemas/orders.ts';
import { formatCount, words } from '../format.ts';
import { Instant } from '../parts/Instant.tsx';
import { Money } from '../parts/Money.tsx';
import { StatusBadge } from '../parts/StatusBadge.tsx';
import { Copy } from './Copy.tsx';
import { noParcelWords, parcelProgress, type Parcel } from './parcel.ts';
import { Section, Sideways } from './Section.tsx';

/** The parcels. */
export function Parcels({ order }: { order: OrderDetail }) {
  return (
    <Section title="Parcels" aside={<StatusBadge status={order.fulfillmentStatus} />}>
      {order.shipments.length === 0 ? (
        <Text size="sm">{noParcelWords(order)}</Text>
      ) : (
        <Stack gap="lg">
          {order.shipments.map((parcel) => (
            <ParcelShown key={parcel.id} parcel={parcel} />
          ))}
        </Stack>
      )}
    </Section>
  );
}

function ParcelShown({ parcel }: { parcel: Parcel }) {
  const { percent, color, text } = parcelProgress(parcel.state);
  const name = parcel.trackingCode ?? parcel.id;
  return (
    <Stack gap={6}>
      <Group gap="sm">
        <Title order={3} size="h6">
          {[parcel.carrier ?? 'Parcel', parcel.service].filter((one) => one !== null).join(' · ')}
        </Title>
        {parcel.trackingCode !== null && (
          <Group gap={4}>
            <Text size="sm" ff="monospace">
              {parcel.trackingCode}
            </Text>
            <Copy text={parcel.trackingCode} what="the tracking code" />
          </Group>
        )}
        <StatusBadge status={parcel.state} label={text} />
        {parcel.labelUrl !== null && (
          <Anchor href={parcel.labelUrl} target="_blank" rel="noopener" size="sm" underline="always">
            Label ↗
          </Anchor>
        )}
      </Group>
      <Progress.Root size="md">
        <Progress.Section
          value={percent}
          color={color}
          aria-label={`Way of parcel ${name}`}
          aria-valuetext={text}
        />
      </Progress.Root>
      <Text size="xs">
        Label bought <Instant iso={parcel.bookedAt} /> · handed over <Instant iso={parcel.handedOverAt} /> ·
        delivered <Instant iso={parcel.deliveredAt} />
      </Text>
      {parcel.scans.length > 0 && <Scans parcel={parcel} />}
    </Stack>
  );
}

function Scans({ parcel }: { parcel: Parcel }) {
  const newest = parcel.scans.toSorted((a, b) => (a.occurredAt < b.occurredAt ? 1 : -1));
  return (
    <Stack gap={2} component="ol" m={0} pl={18} aria-label="Scans, newest first">
      {newest.map((scan) => (
        <Text key={`${scan.occurredAt} ${scan.status} ${scan.detail}`} size="sm" component="li">
          <Instant iso={scan.occurredAt} />: {words(scan.status)}
          {scan.message !== '' && ` – ${scan.message}`}
        </Text>
      ))}
    </Stack>
  );
}

/** What each warehouse has to do. */
export function Shares({ order }: { order: OrderDetail }) {
  if (order.fulfillments.length === 0) return null;
  return (
    <Section title="Warehouses">
      <Sideways label="Shares of the warehouses">
        <Table>
          <Table.Thead>
            <Table.Tr>
              {['Warehouse', 'State', 'Items', 'Handed over', 'Packed'].map((title) => (
                <Table.Th key={title} scope="col">
                  {title}
                </Table.Th>
              ))}
              <Table.Th scope="col" ta="right">
                Amount
              </Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {order.fulfillments.map((share) => (
              <Table.Tr key={share.id}>
                <Table.Th scope="row" fw={400}>
                  {share.location}
                </Table.Th>
                <Table.Td>
                  <StatusBadge status={share.state} />
                </Table.Td>
                <Table.Td>
                  {share.lines.map((line) => `${formatCount(line.quantity)} × ${line.sku}`).join(', ')}
                </Table.Td>
                <Table.Td>
                  <Instant iso={share.submittedAt} />
                </Table.Td>
                <Table.Td>
                  <Instant iso={share.packedAt} />
                </Table.Td>
                <Table.Td className="figures">
                  <Money money={share.amount} />
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Sideways>
    </Section>
  );
}
