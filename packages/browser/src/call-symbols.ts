// Of the whole realm: a tool may give what is loaded later a copy of this module of its own.

/** Sends what was accepted elsewhere; for the façade. */
export const sendAccepted = Symbol.for('sluice: send accepted')

/** When the calls were made that are made up for now; for the façade. */
export const callTime = Symbol.for('sluice: call time')
