/** What else is known of an order: comment, attributes, flags, metadata, wishes, where it came from. */
import { Badge, Group, Text } from '@mantine/core';
import type { OrderDetail } from '../../api/schemas/orders.ts';
import { words } from '../format.ts';
import { Instant } from '../parts/Instant.tsx';
import { Copy } from './Copy.tsx';
import { Section } from './Section.tsx';

/** The customer's comment; nothing when there is none. */
export function CustomerComment({ comment }: { comment: string | null }) {
  if (comment === null || comment === '') return null;
  return (
    <Section title="Customer’s comment">
      <Text size="sm" style={{ whiteSpace: 'pre-wrap' }}>
        {comment}
      </Text>
    </Section>
  );
}

/** Flags, attributes, metadata and the carrier's wishes, as far as there are any. */
export function Attributes({ order }: { order: OrderDetail }) {
  const tables = [
    ['Attributes', order.attributes],
    ['Carrier wishes', order.carrierWishes],
    ['Metadata', order.metadata],
  ] as const;
  const filled = tables.filter(([, values]) => Object.keys(values).length > 0);
  if (order.flags.length === 0 && filled.length === 0) return null;
  return (
    <>
      {order.flags.length > 0 && (
        <Section title="Flags">
          <Group gap={6}>
            {order.flags.map((flag) => (
              <Badge key={flag} color="orange">
                {words(flag)}
              </Badge>
            ))}
          </Group>
        </Section>
      )}
      {filled.map(([title, values]) => (
        <Section key={title} title={title}>
          <Pairs rows={Object.entries(values).map(([name, value]) => [name, shown(value)] as const)} />
        </Section>
      ))}
    </>
  );
}

function shown(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

const ORIGIN_WORDS: Readonly<Record<OrderDetail['origin'], string>> = {
  api: 'API',
  shopify: 'Shopify',
  import: 'Import',
  history: 'Import of earlier orders',
};

/** Where the order came from, and by which rules it is handled. */
export function Origin({ order }: { order: OrderDetail }) {
  return (
    <Section title="Order">
      <dl className="pairs">
        <dt>Channel</dt>
        <dd>{order.channel}</dd>
        <dt>External id</dt>
        <dd>
          {order.externalId} <Copy text={order.externalId} what="the external id" />
        </dd>
        <dt>Id</dt>
        <dd>
          <span className="mono">{order.id}</span> <Copy text={order.id} what="the id" />
        </dd>
        <dt>Came in by</dt>
        <dd>{ORIGIN_WORDS[order.origin]}</dd>
        <dt>Policy version</dt>
        <dd>{order.policyVersion}</dd>
        <dt>Placed</dt>
        <dd>
          <Instant iso={order.placedAt} exact />
        </dd>
        <dt>Promised by</dt>
        <dd>
          <Instant iso={order.promisedBy} exact isDeadline />
        </dd>
        <dt>Changed</dt>
        <dd>
          <Instant iso={order.updatedAt} />
        </dd>
      </dl>
    </Section>
  );
}

function Pairs({ rows }: { rows: readonly (readonly [string, string])[] }) {
  return (
    <dl className="pairs">
      {rows.map(([name, value]) => (
        <div key={name} className="pair">
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
