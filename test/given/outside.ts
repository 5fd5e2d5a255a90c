/**
 * A warehouse and a carrier that say yes to everything, or that nobody reaches, for tests of what stands before them; a test
 * overrides the answers it is about.
 */
import { OutcomeUnknown } from '../../providers/outcome.ts';
import type { CarrierProvider } from '../../providers/carrier/port.ts';
import type { WarehouseProvider } from '../../providers/warehouse/port.ts';

const yes = <T>(value: T) => Promise.resolve({ ok: true as const, value });

/** The warehouse: it takes every order. */
export function givenWarehouse(answers: Partial<WarehouseProvider> = {}): WarehouseProvider {
  return { id: 'http', submit: () => yes({}), parseWebhook: () => [], ...answers };
}

/** The carrier: a label's tracking code is made of its key. */
export function givenCarrier(answers: Partial<CarrierProvider> = {}): CarrierProvider {
  return {
    id: 'easypost',
    book: ({ key }) =>
      yes({
        providerRef: `shp_${key}`,
        trackingCode: `T${key}`,
        carrier: 'USPS',
        service: 'Ground',
        labelUrl: 'http://label',
      }),
    voidLabel: () => yes({}),
    parseWebhook: () => [],
    ...answers,
  };
}

/** Both, and no call reaches them: for tests in which nothing is sent. */
export function outsideDown(): { warehouse: WarehouseProvider; carrier: CarrierProvider } {
  const down = () => Promise.reject(new OutcomeUnknown('down', { sent: false }));
  return {
    warehouse: givenWarehouse({ submit: down }),
    carrier: givenCarrier({ book: down, voidLabel: down }),
  };
}
