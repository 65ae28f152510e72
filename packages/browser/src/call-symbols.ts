/** Sends what was accepted elsewhere; for the façade. */
export const sendAccepted = Symbol('send accepted')

/** When the calls were made that are made up for now; for the façade. */
export const callTime = Symbol('call time')
