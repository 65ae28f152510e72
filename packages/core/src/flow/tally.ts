/**
 * Counts work that has begun and not ended, and tells when everything begun *so far* has ended, however much
 * comes after. That is what flushing under steady traffic needs: it waits for its own events and no others.
 */
export interface Tally {
  /** Begins one piece of work. The epoch it answers must be given back to `end`. */
  begin(): Epoch
  end(epoch: Epoch): void
  /** How much has begun and not ended. */
  count(): number
  /** Calls `run` when all that has begun before this call has ended: at once, if it has. Gives a way out. */
  whenSoFarEnded(run: () => void): () => void
}

/** The work begun between two calls of `whenSoFarEnded`. */
export interface Epoch {
  /** True once somebody waits for it: what belongs to it should not dawdle. */
  readonly awaited: boolean
}

export function createTally(): Tally {
  // The oldest epoch first. Every one but the last is awaited, so there are never more than there are waiters.
  let epochs: OpenEpoch[] = []
  let total = 0

  const current = (): OpenEpoch => {
    const last = epochs.at(-1)
    if (last && !last.awaited) return last
    const fresh: OpenEpoch = { awaited: false, open: 0, waiting: [] }
    epochs.push(fresh)
    return fresh
  }

  const release = () => {
    while (epochs[0] && epochs[0].open === 0 && epochs[0].awaited) {
      const ended = epochs[0]
      epochs = epochs.slice(1)
      for (const run of ended.waiting) run()
    }
  }

  return {
    begin() {
      const epoch = current()
      epoch.open++
      total++
      return epoch
    },
    end(epoch) {
      const open = epoch as OpenEpoch
      open.open--
      total--
      if (open.awaited && open.open === 0) release()
    },
    count: () => total,
    whenSoFarEnded(run) {
      if (total === 0) {
        run()
        return () => {}
      }
      // Work of this epoch may be over while that of an older, awaited one is not: then this one waits as well.
      const epoch = epochs.at(-1) ?? current()
      epoch.awaited = true
      epoch.waiting.push(run)
      release()
      return () => {
        epoch.waiting = epoch.waiting.filter((waiting) => waiting !== run)
      }
    },
  }
}

interface OpenEpoch extends Epoch {
  awaited: boolean
  open: number
  waiting: (() => void)[]
}
