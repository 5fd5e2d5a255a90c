/** What people at a desk write on an order: notes and tags. */
import type { z } from 'zod';
import { noteChange } from '../../db/writes/changes.ts';
import { addNote } from '../../db/writes/notes.ts';
import { changeTags, TAGS_MAX } from '../../db/writes/tags.ts';
import type { Services } from '../deps.ts';
import { Refusal } from '../problems.ts';
import { route, type Answer, type Call, type Route } from '../route.ts';
import { NoteInputBody, TagsChangeBody } from '../schemas/desk.ts';
import { noQuery } from '../schemas/fields.ts';
import { NoteBody, OrderBody } from '../schemas/orders.ts';
import { showNote } from '../show/order.ts';
import { OrderParams, readShown } from './orders.ts';

/** Routes of notes and tags. */
export function deskRoutes(services: Services): Route[] {
  return [
    route({
      method: 'post',
      path: '/v1/orders/{order}/notes',
      summary: 'Add a note to an order',
      description:
        'For colleagues, never for the customer or the channel. Who may not see personal data does not see it. The order goes on as before.',
      tag: 'Orders',
      scope: 'orders:write',
      peopleOnly: true,
      idempotent: true,
      params: OrderParams,
      query: noQuery,
      body: NoteInputBody,
      answers: { 201: NoteBody },
      problems: [],
      handler: (call) => note(services, call),
    }),
    route({
      method: 'post',
      path: '/v1/orders/{order}/tags',
      summary: 'Add and remove tags of an order',
      description: `At most ${TAGS_MAX} an order. What is there already, or is not there, changes nothing, so it may be repeated.`,
      tag: 'Orders',
      scope: 'orders:write',
      params: OrderParams,
      query: noQuery,
      body: TagsChangeBody,
      answers: { 200: OrderBody },
      problems: [],
      handler: (call) => tags(services, call),
    }),
  ];
}

type DeskCall<B extends z.ZodType> = Call<{ order: string }, unknown, z.output<B>>;

async function note(services: Services, call: DeskCall<typeof NoteInputBody>): Promise<Answer> {
  const { principal, params, body, idempotencyKey, fingerprint, requestId } = call;
  const result = await addNote(
    services.db,
    {
      order: params.order,
      channel: principal.channel,
      scope: principal.keyScope,
      key: idempotencyKey,
      fingerprint,
      text: body.text,
    },
    { actor: principal.actor, requestId },
  );
  switch (result.kind) {
    case 'no_order':
      throw new Refusal('not_found');
    case 'key_reused':
      throw new Refusal('idempotency_key_reused');
    case 'replayed':
      return {
        status: 201,
        body: showNote(result.note),
        headers: { 'Idempotency-Replayed': 'true' },
      };
    case 'added':
      noteChange(services.db.pool);
      return { status: 201, body: showNote(result.note) };
  }
}

async function tags(services: Services, call: DeskCall<typeof TagsChangeBody>): Promise<Answer> {
  const { principal, params, requestId } = call;
  const { add = [], remove = [] } = call.body;
  refuseContradictions(add, remove);
  const result = await changeTags(
    services.db,
    { order: params.order, channel: principal.channel, add, remove },
    { actor: principal.actor, requestId },
  );
  if (result.kind === 'no_order') throw new Refusal('not_found');
  if (result.kind === 'too_many')
    throw new Refusal('invalid', {
      errors: [{ pointer: '/add', detail: `would make ${result.count} tags; at most ${TAGS_MAX}` }],
    });
  if (result.kind === 'changed') noteChange(services.db.pool);
  return { status: 200, body: await readShown(services, result.orderId, principal) };
}

/** A tag that is to be added and removed would leave it to chance which of the two wins. */
function refuseContradictions(add: readonly string[], remove: readonly string[]): void {
  const errors = add.flatMap((tag, index) =>
    remove.includes(tag) ? [{ pointer: `/add/${index}`, detail: 'is to be removed as well' }] : [],
  );
  if (errors.length > 0) throw new Refusal('invalid', { errors });
}
