/** The route table: everything the API answers to. */
import type { Services } from '../deps.ts';
import type { Route } from '../route.ts';
import { administrationRoutes } from './administration.ts';
import { catalogueRoutes } from './catalogue.ts';
import { commandRoutes } from './commands.ts';
import { feedRoutes, worklistRoutes } from './feeds.ts';
import { healthRoutes } from './health.ts';
import { importRoutes } from './imports.ts';
import { inventoryRoutes } from './inventory.ts';
import { orderRoutes } from './orders.ts';
import { shopifyRoutes } from './shopify.ts';
import { webhookRoutes } from './webhooks.ts';

/** All routes over the given services. */
export function createRoutes(services: Services): Route[] {
  return [
    ...orderRoutes(services),
    ...importRoutes(services),
    ...commandRoutes(services),
    ...feedRoutes(services),
    ...worklistRoutes(services),
    ...catalogueRoutes(services),
    ...inventoryRoutes(services),
    ...administrationRoutes(services),
    ...webhookRoutes(services),
    ...shopifyRoutes(services),
    ...healthRoutes(services),
  ];
}
