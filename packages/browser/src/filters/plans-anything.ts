import type { TrackPlan } from '@sluice/core'

/** Every source has a plan; most say no more than that all is welcome. */
export function plansAnything(track: TrackPlan | undefined): boolean {
  return Object.entries(track ?? {}).some(
    ([name, entry]) =>
      entry?.enabled === false || (name !== '__default' && Object.keys(entry?.integrations ?? {}).length > 0),
  )
}
