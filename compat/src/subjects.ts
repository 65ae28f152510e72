import type { CoreLibrary, FlowLibrary, NodeLibrary } from './library'

/** One of the two implementations that every script runs against. */
export interface Subject<Library> {
  name: 'segment' | 'sluice'
  load(): Promise<Library>
}

export interface NodeSubject extends Subject<NodeLibrary> {
  /** What the events say in `context.library.name`: theirs and ours differ by design. */
  libraryName: string
  userAgent(version: string): string
}

export const nodeSegment: NodeSubject = {
  name: 'segment',
  load: async () => (await import('@segment/analytics-node')) as unknown as NodeLibrary,
  libraryName: '@segment/analytics-node',
  userAgent: () => 'analytics-node-next/latest',
}

export const nodeSluice: NodeSubject = {
  name: 'sluice',
  load: async () => (await import('@sluice/node')) as unknown as NodeLibrary,
  libraryName: '@sluice/node',
  userAgent: (version) => `sluice-node/${version}`,
}

export const coreSegment: Subject<CoreLibrary> = {
  name: 'segment',
  load: async () => (await import('@segment/analytics-core')) as unknown as CoreLibrary,
}

export const coreSluice: Subject<CoreLibrary> = {
  name: 'sluice',
  load: async () => (await import('@sluice/core')) as unknown as CoreLibrary,
}

/** The emitter and the deferred promise: a package of its own there, part of the core here. */
export const flowSegment: Subject<FlowLibrary> = {
  name: 'segment',
  load: async () => (await import('@segment/analytics-generic-utils')) as unknown as FlowLibrary,
}

export const flowSluice: Subject<FlowLibrary> = {
  name: 'sluice',
  load: async () => (await import('@sluice/core')) as unknown as FlowLibrary,
}

export const nodeSubjects: NodeSubject[] = chosen([nodeSegment, nodeSluice])
export const coreSubjects = chosen([coreSegment, coreSluice])
export const flowSubjects = chosen([flowSegment, flowSluice])

/** `COMPAT_SUBJECT=segment` looks at one side alone, for instance to check what a table says about the peer. */
function chosen<T extends { name: string }>(subjects: T[]): T[] {
  const only = process.env.COMPAT_SUBJECT
  return only === undefined ? subjects : subjects.filter((subject) => subject.name === only)
}
