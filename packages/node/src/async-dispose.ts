/**
 * Lets `await using` compile for those whose compiler settings don't know it, instead of failing them on our types.
 * Where they do, the two declarations are one.
 */
declare global {
  interface SymbolConstructor {
    readonly asyncDispose: unique symbol
  }
}

/** Not every runtime has it; there, nobody asks for it either. */
export const asyncDispose: typeof Symbol.asyncDispose =
  Symbol.asyncDispose ?? Symbol.for('Symbol.asyncDispose')
