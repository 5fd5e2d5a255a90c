/** What a system without any order says: what this is, and what to do first. */
import { Anchor, Button, Code, List, Paper, Text, Title } from '@mantine/core';
import { Link } from '@tanstack/react-router';

/** The first steps; with a demo channel orders can be placed from here. */
export function Welcome({
  isDemo,
  why,
  onDemo,
}: {
  isDemo: boolean;
  why: string | undefined;
  onDemo: () => void;
}) {
  return (
    <Paper component="section" withBorder p="lg" aria-labelledby="welcome">
      <Title order={2} size="h4" id="welcome">
        No orders yet
      </Title>
      <Text size="sm" mt="xs">
        Holdfast takes every order to its end: stock, payment, warehouse, carrier. What it can’t do by itself
        it brings to you, here.
      </Text>
      <List type="ordered" size="sm" mt="sm" spacing="xs">
        {isDemo && (
          <List.Item>
            See it at work with invented orders.{' '}
            {why === undefined ? <Button onClick={onDemo}>Place demo orders</Button> : why}
          </List.Item>
        )}
        <List.Item>
          See what lies in stock, and count it in, under{' '}
          <Anchor component={Link} to="/inventory" size="sm" underline="always">
            Inventory
          </Anchor>
          .
        </List.Item>
        <List.Item>
          Have your shop place orders: <Code>POST /v1/orders</Code>, described in the{' '}
          <Anchor href="/docs" size="sm" underline="always">
            reference of the API
          </Anchor>
          .
        </List.Item>
      </List>
    </Paper>
  );
}
