import { createKeepaliveBudget } from './keepalive-budget'

/** The budget of this page, which all clients on it share. */
export const pageKeepaliveBudget = /* @__PURE__ */ createKeepaliveBudget()
