/** The route table: everything the API answers to. */
import type { Services } from '../deps.ts';
import type { Route } from '../route.ts';
import { administrationRoutes } from './administration.ts';
import { caseRoutes } from './cases.ts';
import { catalogueRoutes } from './catalogue.ts';
import { commandRoutes } from './commands.ts';
import { creditRoutes } from './credit.ts';
import { demoRoutes } from './demo.ts';
import { deskRoutes } from './desk.ts';
import { feedRoutes, worklistRoutes } from './feeds.ts';
import { healthRoutes } from './health.ts';
import { importRoutes } from './imports.ts';
import { inventoryRoutes } from './inventory.ts';
import { ledgerRoutes } from './ledger.ts';
import { orderRoutes } from './orders.ts';
import { paymentLinkRoutes } from './paymentLinks.ts';
import { paymentRoutes } from './payments.ts';
import { receiptRoutes } from './receipts.ts';
import { reconciliationRoutes } from './reconciliation.ts';
import { refundRoutes } from './refunds.ts';
import { reportRoutes } from './reports.ts';
import { sessionRoutes } from './session.ts';
import { shopifyRoutes } from './shopify.ts';
import { streamRoutes } from './stream.ts';
import { viewRoutes } from './views.ts';
import { webhookRoutes } from './webhooks.ts';

/** All routes over the given services. */
export function createRoutes(services: Services): Route[] {
  return [
    ...viewRoutes(services),
    ...orderRoutes(services),
    ...importRoutes(services),
    ...commandRoutes(services),
    ...paymentRoutes(services),
    ...paymentLinkRoutes(services),
    ...receiptRoutes(services),
    ...creditRoutes(services),
    ...refundRoutes(services),
    ...deskRoutes(services),
    ...demoRoutes(services),
    ...feedRoutes(services),
    ...streamRoutes(services),
    ...worklistRoutes(services),
    ...caseRoutes(services),
    ...catalogueRoutes(services),
    ...inventoryRoutes(services),
    ...reconciliationRoutes(services),
    ...ledgerRoutes(services),
    ...reportRoutes(services),
    ...sessionRoutes(services),
    ...administrationRoutes(services),
    ...webhookRoutes(services),
    ...shopifyRoutes(services),
    ...healthRoutes(services),
  ];
}
