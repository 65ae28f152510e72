import { version as released } from '../package.json'

/** The name by which servers and debuggers know this library. */
export const libraryName = '@sluice/node'

export const version = released
