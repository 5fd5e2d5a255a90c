/** The people of an order: who gets it, who sends it, who pays; masked for those who may not see them. */
import { Alert, Anchor, Stack, Text, Title } from '@mantine/core';
import type { OrderDetail } from '../../api/schemas/orders.ts';
import { useScopes } from '../actions/useRights.ts';
import { Copy } from './Copy.tsx';
import { Section } from './Section.tsx';

type Party = NonNullable<OrderDetail['recipient']>;

/** Recipient, sender and billing. */
export function People({ order }: { order: OrderDetail }) {
  const isMasked = !useScopes().includes('pii:read');
  const parties = [
    ['Recipient', order.recipient],
    ['Billing', order.billing],
    ['Sender', order.sender],
  ] as const;
  const known = parties.filter(([, party]) => party !== null);
  return (
    <Section title="Customer">
      <Stack gap="sm">
        {isMasked && (
          <Alert color="blue" title="Names and addresses are masked">
            Your key may not read personal data (pii:read). Support and ops see them in full.
          </Alert>
        )}
        {known.length === 0 && <Text size="sm">No customer was given with this order.</Text>}
        {known.map(
          ([title, party]) =>
            party && <PartyShown key={title} title={title} party={party} isMasked={isMasked} />,
        )}
      </Stack>
    </Section>
  );
}

function PartyShown({ title, party, isMasked }: { title: string; party: Party; isMasked: boolean }) {
  const { address } = party;
  const town = [address?.postalCode, address?.city, address?.region].filter(Boolean).join(' ');
  const lines = [
    party.name,
    party.company,
    address?.line1,
    address?.line2,
    town,
    address?.country,
    party.phone,
  ].filter((line) => line !== null && line !== undefined && line !== '');
  return (
    <div>
      <Title order={3} size="h6">
        {title}
      </Title>
      {lines.map((line, index) => (
        // Two lines of an address may read the same.
        // oxlint-disable-next-line react/no-array-index-key
        <Text size="sm" key={`${index} ${line}`}>
          {line}
        </Text>
      ))}
      {party.email !== null && (
        <Text size="sm">
          {isMasked ? (
            party.email
          ) : (
            <>
              <Anchor href={`mailto:${party.email}`} underline="always">
                {party.email}
              </Anchor>{' '}
              <Copy text={party.email} what="the e-mail address" />
            </>
          )}
        </Text>
      )}
    </div>
  );
}
