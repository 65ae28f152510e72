import { describe, expect, it } from 'vitest'
import type { IntegrationsOptions, PluginType } from '../src'
import { isSwitchedOn } from '../src/plugins/integrations'
import { wantsEvent } from '../src/plugins/types'

const destination = { name: 'Amplitude', type: 'destination' }
const renamed = { ...destination, alternativeNames: ['Amp', 'Amplitude (Actions)'] }
const cloud = { name: 'Segment.io', type: 'destination' }

describe('a destination', () => {
  it.each<[IntegrationsOptions | undefined, boolean]>([
    [undefined, true],
    [{}, true],
    [{ All: true }, true],
    [{ All: false }, false],
    [{ Amplitude: false }, false],
    [{ All: true, Amplitude: false }, false],
    [{ All: false, Amplitude: true }, true],
    [{ All: false, Amplitude: {} }, true],
    [{ All: false, Amplitude: { key: 'k' } }, true],
    [{ All: false, Amplitude: undefined }, false],
    [{ All: false, Mixpanel: true }, false],
    [{ Mixpanel: false }, true],
    // JavaScript that nobody checks writes these as well; they count as `if` sees them.
    [{ Amplitude: 0 as never }, false],
    [{ Amplitude: '' as never }, false],
    [{ All: false, Amplitude: 1 as never }, true],
    [{ Amplitude: null as never }, true],
  ])('with integrations %o gets the event: %s', (integrations, isOn) => {
    expect(isSwitchedOn(destination, integrations)).toBe(isOn)
  })

  it.each<[IntegrationsOptions, boolean]>([
    [{ All: false, Amp: true }, true],
    [{ Amp: false }, false],
    [{ Amp: false, 'Amplitude (Actions)': true }, true],
    [{ 'Amplitude (Actions)': false, Amp: true }, false],
    [{ Amplitude: true, Amp: false }, true],
    [{ Amplitude: false, Amp: true }, false],
    [{ Amp: false, 'Amplitude (Actions)': undefined }, false],
    [{ Amp: false, 'Amplitude (Actions)': null as never }, true],
    [{ All: false, Amp: null as never }, false],
  ])('is known by other names, the last of which counts, after its own: %o → %s', (integrations, isOn) => {
    expect(isSwitchedOn(renamed, integrations)).toBe(isOn)
  })
})

it.each([{}, 5, 'Amp', null])(
  'a destination whose other names are no list has none: %o',
  (alternativeNames) => {
    const odd = { ...destination, alternativeNames: alternativeNames as string[] }

    expect(isSwitchedOn(odd, { A: false, Amp: false })).toBe(true)
    expect(isSwitchedOn(odd, { Amplitude: false })).toBe(false)
  },
)

it('a destination that decides for itself is asked, whatever its names are', () => {
  const several = { ...renamed, [wantsEvent]: ({ Second }: IntegrationsOptions) => Second === true }

  expect(isSwitchedOn(several, { All: false, Second: true })).toBe(true)
  expect(isSwitchedOn(several, { Amplitude: true })).toBe(false)
  expect(isSwitchedOn(several, undefined)).toBe(true)
})

describe('the Tracking API', () => {
  it.each<[IntegrationsOptions, boolean]>([
    [{ All: false }, true],
    [{ 'Segment.io': false }, false],
    [{ All: true, 'Segment.io': false }, false],
    [{ 'Segment.io': {} }, true],
  ])('is switched by its own name alone: %o → %s', (integrations, isOn) => {
    expect(isSwitchedOn(cloud, integrations)).toBe(isOn)
    expect(isSwitchedOn({ ...cloud, type: 'after' }, integrations)).toBe(isOn)
  })
})

it.each<PluginType>(['before', 'enrichment', 'after', 'utility'])(
  'a plugin of type %s cannot be switched off',
  (type) => {
    expect(isSwitchedOn({ name: 'Mine', type }, { All: false, Mine: false })).toBe(true)
  },
)
