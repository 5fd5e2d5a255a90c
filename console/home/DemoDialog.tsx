/** Places demo orders of a chosen story, so that a newcomer sees life at once. */
import { Alert, Anchor, Button, Group, List, Modal, Radio, Stack, Text, TextInput } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useState, type FormEvent } from 'react';
import type { DemoOrders } from '../../api/schemas/desk.ts';
import type { DemoStory } from '../../domain/demo.ts';
import { useGuard } from '../actions/useGuard.ts';
import { ProblemNotice, fieldError } from '../parts/ProblemNotice.tsx';
import { announce } from '../shell/announce.tsx';
import { countOf, DEMO_ORDERS_MAX, STORY_CHOICES } from './demoStories.ts';
import { useDemoOffer, usePlaceDemo } from './useDemo.ts';

const PLACED_BESIDE = ['/story', '/count'];
const COUNT_USUAL = '3';

/** Asks for a story and a number, places the orders and links to them. The caller says when it is open. */
export function DemoDialog({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      size="lg"
      title="Place demo orders"
      closeButtonProps={{ 'aria-label': 'Close this dialog' }}
    >
      <DemoForm onClose={onClose} />
    </Modal>
  );
}

function DemoForm({ onClose }: { onClose: () => void }) {
  const [story, setStory] = useState<DemoStory>('all_well');
  const [count, setCount] = useState(COUNT_USUAL);
  const [isWrong, setWrong] = useState(false);
  const { why } = useDemoOffer();
  const place = usePlaceDemo();
  const guard = useGuard();
  const wanted = countOf(count);

  function submit(event: FormEvent): void {
    event.preventDefault();
    setWrong(wanted === undefined);
    if (wanted === undefined || why !== undefined || !guard.begin()) return;
    place.mutate(
      { story, count: wanted },
      { onSuccess: ({ data }) => announce(`${ordersIn(data.length)} placed.`), onSettled: guard.end },
    );
  }

  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="md">
        <Text size="sm">
          In the demo channel, with invented customers. They go the same way as every order; cancel and retry
          as you like.
        </Text>
        <Stories story={story} onChoose={setStory} error={fieldError(place.error, '/story')} />
        <TextInput
          label={`How many (1 to ${DEMO_ORDERS_MAX})`}
          inputMode="numeric"
          w={160}
          value={count}
          onChange={(event) => {
            setCount(event.currentTarget.value);
            setWrong(false);
          }}
          error={isWrong ? `A whole number from 1 to ${DEMO_ORDERS_MAX}.` : fieldError(place.error, '/count')}
        />
        {why !== undefined && <Alert color="orange">{why}</Alert>}
        <ProblemNotice error={place.error} placed={PLACED_BESIDE} />
        {place.data && <Placed orders={place.data} onGo={onClose} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Close
          </Button>
          <Button type="submit" loading={place.isPending} disabled={why !== undefined}>
            {wanted === undefined ? 'Place orders' : `Place ${ordersIn(wanted)}`}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function Stories({
  story,
  onChoose,
  error,
}: {
  story: DemoStory;
  onChoose: (story: DemoStory) => void;
  error: string | undefined;
}) {
  return (
    <Radio.Group
      label="Story"
      value={story}
      error={error}
      onChange={(value) => {
        const chosen = STORY_CHOICES.find((one) => one.story === value);
        if (chosen) onChoose(chosen.story);
      }}
    >
      <Stack gap="xs" mt={6}>
        {STORY_CHOICES.map((one) => (
          <Radio
            key={one.story}
            value={one.story}
            label={one.title}
            description={one.seen}
            data-autofocus={one.story === story || undefined}
          />
        ))}
      </Stack>
    </Radio.Group>
  );
}

function Placed({ orders, onGo }: { orders: DemoOrders; onGo: () => void }) {
  return (
    <Alert color="green" title={`${ordersIn(orders.data.length)} placed`}>
      <List size="sm" listStyleType="none" aria-label="The orders placed">
        {orders.data.map((order) => (
          <List.Item key={order.id}>
            <Anchor
              component={Link}
              to={`/orders/${order.number}`}
              onClick={onGo}
              size="sm"
              underline="always"
              c="inherit"
              className="figures"
            >
              Order {order.number}
            </Anchor>
          </List.Item>
        ))}
      </List>
    </Alert>
  );
}

function ordersIn(count: number): string {
  return count === 1 ? '1 order' : `${count} orders`;
}
