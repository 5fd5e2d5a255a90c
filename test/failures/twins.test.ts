/** The same order posted many times at once: one order, one answer. */
import { beforeAll, describe, expect, it } from 'vitest';
import { environment, type Environment } from '../environment.ts';
import { givenOrder } from '../given/order.ts';

let env: Environment;
beforeAll(async () => {
  env = await environment();
});

describe('the same order', () => {
  it('posted 20 times at once is one order that is charged once', async () => {
    const { key } = await env.channel();
    const body = givenOrder();
    const answers = await Promise.all(
      Array.from({ length: 20 }, () =>
        env.call<{ id: string; number: number }>('POST', '/v1/orders', {
          key,
          body,
          idempotencyKey: body.externalId,
        }),
      ),
    );
    expect(new Set(answers.map((answer) => answer.status))).toEqual(new Set([201]));
    expect(new Set(answers.map((answer) => JSON.stringify(answer.body))).size).toBe(1);
    expect(answers.filter((answer) => answer.headers.get('idempotency-replayed') === 'true')).toHaveLength(
      19,
    );
    const first = answers[0]?.body ?? { id: '', number: 0 };
    await env.until(first.id, 'completed', (order) => order.lifecycle === 'completed');
    expect((await env.ledger('payment', first.number)).filter((kind) => kind === 'authorized')).toHaveLength(
      1,
    );
  });

  it('200 keys posted 20 times each make 200 orders and 4,000 equal answers', async () => {
    const { id, key } = await env.channel({ releaseDelaySeconds: 3600 });
    const count = async () => {
      const { rows } = await env.db.pool.query<{ n: number }>(
        'select count(*)::int as n from orders where channel = $1',
        [id],
      );
      return rows[0]?.n ?? 0;
    };
    const before = await count();
    const bodies = Array.from({ length: 200 }, () => givenOrder());
    let equal = 0;
    for (let from = 0; from < bodies.length; from += 10) {
      const groups = bodies.slice(from, from + 10).map(async (body) => {
        const answers = await Promise.all(
          Array.from({ length: 20 }, () =>
            env.call('POST', '/v1/orders', { key, body, idempotencyKey: body.externalId }),
          ),
        );
        const first = JSON.stringify([answers[0]?.status, answers[0]?.body]);
        equal += answers.filter(
          (answer) => answer.status === 201 && JSON.stringify([answer.status, answer.body]) === first,
        ).length;
      });
      await Promise.all(groups);
    }
    expect(equal).toBe(4_000);
    expect((await count()) - before).toBe(200);
  }, 120_000);
});
