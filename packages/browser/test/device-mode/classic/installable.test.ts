import { describe, expect, it } from 'vitest'
import type { IntegrationsInitOptions, RemoteIntegrationSettings } from '../../../src'
import { installableClassics } from '../../../src/device-mode/classic/installable'
import { fakeIntegration } from './support/fake-integration'

const ofBrowser = { type: 'browser' }

/** Names of what is installable when the source has these settings under `Amplitude`. */
function found(settings: unknown, integrations: IntegrationsInitOptions = {}, name = 'Amplitude') {
  const ofSource = { integrations: { 'Segment.io': {}, [name]: settings as RemoteIntegrationSettings } }
  return [...installableClassics(ofSource, integrations).keys()]
}

describe('a destination of the source is for pages', () => {
  it.each<[string, unknown, boolean]>([
    ['of type browser', ofBrowser, true],
    ['of another type', { type: 'server' }, false],
    ['of which nothing is said', {}, false],
    ['with a component for browsers', { versionSettings: { componentTypes: ['server', 'browser'] } }, true],
    ['with components that are no list', { versionSettings: { componentTypes: 5 as never } }, false],
    ['with components, none for browsers', { versionSettings: { componentTypes: ['server', 'ios'] } }, false],
    ['that is bundled', { ...ofBrowser, bundlingStatus: 'bundled' }, true],
    ['that is unbundled', { ...ofBrowser, bundlingStatus: 'unbundled' }, false],
    ['that is bundled and of the server', { type: 'server', bundlingStatus: 'bundled' }, false],
    ['whose settings are null', null, false],
  ])('%s', (_, settings, isFound) => {
    expect(found(settings)).toEqual(isFound ? ['Amplitude'] : [])
  })

  it.each(['Segment.io', 'Segment Analytics', 'Iterable'])('but not %s', (name) => {
    expect(found(ofBrowser, {}, name)).toEqual([])
  })
})

describe('the page may switch it off', () => {
  it.each<[IntegrationsInitOptions, boolean]>([
    [{ Amplitude: false }, false],
    [{ All: false }, false],
    [{ All: false, Amplitude: true }, true],
    [{ All: false, Amplitude: { apiKey: 'k' } }, true],
    [{ All: true }, true],
    [{ Other: false }, true],
    [{ amplitude: false }, true],
  ])('%j', (integrations, isFound) => {
    expect(found(ofBrowser, integrations)).toEqual(isFound ? ['Amplitude'] : [])
  })
})

describe('a destination from npm', () => {
  const { source } = fakeIntegration({ name: 'Amplitude' })
  const withSource = (ofSource: object, integrations: IntegrationsInitOptions = {}, sources = [source]) =>
    installableClassics({ integrations: ofSource as never }, integrations, sources)

  it.each<[string, object, IntegrationsInitOptions]>([
    ['of the source, whatever they say', { Amplitude: { type: 'server', bundlingStatus: 'unbundled' } }, {}],
    ['of the page', {}, { Amplitude: { apiKey: 'k' } }],
  ])('is used when there are settings %s', (_, ofSource, integrations) => {
    expect([...withSource(ofSource, integrations)]).toEqual([['Amplitude', source]])
  })

  it.each<[string, object, IntegrationsInitOptions]>([
    ['there are no settings', {}, {}],
    ['the page only switches it on', {}, { Amplitude: true }],
    ['the page switches it off', { Amplitude: {} }, { Amplitude: false }],
    ['the page switches all off', { Amplitude: {} }, { All: false }],
  ])('is not used when %s', (_, ofSource, integrations) => {
    expect([...withSource(ofSource, integrations)]).toEqual([])
  })

  it('takes the place of the script', () => {
    expect([...withSource({ Amplitude: ofBrowser })]).toEqual([['Amplitude', source]])
  })

  it('may be a function that carries its constructor', () => {
    const carrying = Object.assign(() => {}, { Integration: source }) as unknown as typeof source

    expect([...withSource({ Amplitude: {} }, {}, [carrying])]).toEqual([['Amplitude', carrying]])
  })
})
