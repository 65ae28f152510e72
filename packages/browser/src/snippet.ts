export { createSnippet } from './snippet/create-snippet'
export { installSnippet } from './snippet/install-snippet'
export type { SnippetOptions, SnippetPage } from './snippet/options'
export type { SnippetList } from './snippet/run-snippet'
