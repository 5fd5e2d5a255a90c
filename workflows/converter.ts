/**
 * The payload converter: Temporal's own, but it never throws on what it cannot read. People can send signals with any
 * bytes from Temporal Web or the command line, and one that threw would fail the order's workflow task again and again.
 */
import { DefaultPayloadConverter, type Payload, type PayloadConverter } from '@temporalio/common';

/** What stands in for a payload that could not be read. No handler takes it for a command. */
export interface Unreadable {
  unreadable: true;
}

const standard = new DefaultPayloadConverter();

/** Found by this name by the worker and in the workflow bundle. */
export const payloadConverter: PayloadConverter = {
  toPayload: (value) => standard.toPayload(value),
  fromPayload<T>(payload: Payload): T {
    try {
      return standard.fromPayload<T>(payload);
    } catch {
      const unreadable: Unreadable = { unreadable: true };
      return unreadable as T;
    }
  },
};
