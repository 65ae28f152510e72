/** A request that no further try can make: what it needs is wrong for good. */
export class HopelessError extends Error {}
