/** The steps of the order's story from placement to delivery: what is done and when, what is going on, what is to come. */
import { Text } from '@mantine/core';
import { IconBan, IconCheck, IconCircle, IconProgress } from '@tabler/icons-react';
import type { OrderDetail } from '../../api/schemas/orders.ts';
import type { StoryStepState } from '../../domain/standing.ts';
import { words } from '../format.ts';
import { Instant } from '../parts/Instant.tsx';

const LOOKS: Readonly<Record<StoryStepState, { word: string; icon: typeof IconCheck }>> = {
  done: { word: 'Done', icon: IconCheck },
  current: { word: 'Now', icon: IconProgress },
  todo: { word: 'To come', icon: IconCircle },
  stopped: { word: 'Not any more', icon: IconBan },
};

/** The steps, as a list that a screen reader reads with the state of each. */
export function Steps({ steps }: { steps: OrderDetail['steps'] }) {
  return (
    <ol className="steps" aria-label="Steps of the order">
      {steps.map(({ step, state, at }) => {
        const { word, icon: Icon } = LOOKS[state];
        return (
          <li
            key={step}
            className="step"
            data-state={state}
            data-step={step}
            aria-current={state === 'current' ? 'step' : undefined}
          >
            <Text size="sm" fw={600} component="div">
              <Icon size={14} aria-hidden /> {words(step)}
            </Text>
            <Text size="xs" className="quiet" component="div">
              {at === null ? word : <Instant iso={at} />}
            </Text>
          </li>
        );
      })}
    </ol>
  );
}
