import { isPlainObject } from '@sluice/core'
import { hashProperties } from './hash-properties'
import { readKeys, visit } from './keys-by-path'
import { mapProperties } from './map-properties'
import type { RoutingTransformer } from './routing-rule'
import { sampleEvent } from './sample-event'
import type { Transform } from './transform'

/** Reads a transformer of a destination filter. Throws for what it does not know. */
export function readTransformer({ type, config }: RoutingTransformer, random: () => number): Transform {
  const { drop, allow, map, sample, hash, ...others } = isPlainObject(config) ? config : {}
  switch (type) {
    case 'drop':
      return () => false
    case 'drop_properties': {
      const keys = readKeys(drop)
      return (event) => {
        visit(event, keys, (target, dropped) => {
          for (const key of dropped) delete target[key]
        })
        return true
      }
    }
    case 'allow_properties': {
      const keys = readKeys(allow)
      return (event) => {
        visit(event, keys, (target, allowed) => {
          for (const key of Object.keys(target)) if (!allowed.includes(key)) delete target[key]
        })
        return true
      }
    }
    case 'map_properties':
      return mapProperties(map)
    case 'hash_properties':
      return hashProperties({ ...others, ...(isPlainObject(hash) && hash) })
    case 'sample_event':
      return sampleEvent(sample, random)
    default:
      throw new TypeError(`${JSON.stringify(type)} is no transformer`)
  }
}
