/** What activities are made of: the database and the outside systems behind their ports. */
import type pg from 'pg';
import type { CarrierProvider } from '../providers/carrier/port.ts';
import type { PaymentProvider } from '../providers/payment/port.ts';
import type { WarehouseProvider } from '../providers/warehouse/port.ts';

/** Given to createActivities by the worker. */
export interface ActivityDeps {
  pool: pg.Pool;
  payment: PaymentProvider;
  carrier: CarrierProvider;
  warehouse: WarehouseProvider;
}

/** Every step names its order and its lane (a share; for refund and inspect a payment); `subject` is what it acts on (domain/lifecycle.ts Step). */
export interface StepInput {
  orderId: string;
  shareId: string;
  subject: string;
}
