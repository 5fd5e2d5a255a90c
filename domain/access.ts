/**
 * Who may do what through the API: scopes, and the roles that bundle them. A key stores the scopes of its role as they
 * were when it was made; a route names the one scope it needs, and a route without one does not start.
 */

/** Every right an API key can carry. */
export const SCOPES = [
  'orders:read',
  'orders:write',
  'orders:cancel',
  'orders:import',
  'refunds:write',
  'refunds:approve',
  'payments:write',
  'credit:write',
  'inventory:read',
  'inventory:write',
  'catalogue:write',
  'channels:manage',
  'keys:manage',
  'pii:read',
  'dispatch:read',
  'ops:admin',
] as const;
export type Scope = (typeof SCOPES)[number];

/** Roles of API keys. `channel` sees and touches its own orders only. */
export const ROLES = ['channel', 'viewer', 'support', 'ops', 'warehouse'] as const;
export type Role = (typeof ROLES)[number];

const VIEWER: readonly Scope[] = ['orders:read', 'inventory:read'];
const SUPPORT: readonly Scope[] = [
  ...VIEWER,
  'orders:cancel',
  'orders:write',
  'pii:read',
  'refunds:write',
  'payments:write',
];

/** The scopes of each role. */
export const ROLE_SCOPES: Readonly<Record<Role, readonly Scope[]>> = Object.freeze({
  channel: [
    'orders:read',
    'orders:write',
    'orders:cancel',
    'orders:import',
    'refunds:write',
    'payments:write',
  ],
  viewer: VIEWER,
  support: SUPPORT,
  ops: [
    ...SUPPORT,
    'refunds:approve',
    'credit:write',
    'inventory:write',
    'catalogue:write',
    'channels:manage',
    'keys:manage',
    'ops:admin',
  ],
  warehouse: ['dispatch:read'],
});
