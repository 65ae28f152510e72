import { hostClock } from './host/clock'
import { printTable } from './host/print-table'

export type CoreMetricType = 'gauge' | 'counter'
export type CompactMetricType = 'g' | 'c'

export interface CoreMetric {
  metric: string
  value: number
  type: CoreMetricType
  tags: string[]
  /** Milliseconds since 1970. */
  timestamp: number
}

/** A metric as it travels: `m` name, `v` value, `k` kind, `t` tags, `e` time. */
export interface CompactMetric {
  m: string
  v: number
  k: CompactMetricType
  t: string[]
  e: number
}

/** Collects the metrics of one event. */
export abstract class CoreStats {
  metrics: CoreMetric[] = []

  increment(metric: string, by = 1, tags?: string[]): void {
    this.add(metric, by, 'counter', tags)
  }

  gauge(metric: string, value: number, tags?: string[]): void {
    this.add(metric, value, 'gauge', tags)
  }

  /** Prints the metrics to the console as a table and forgets them. */
  flush(): void {
    const rows = this.metrics.map((metric) => ({ ...metric, tags: metric.tags.join(',') }))
    printTable(rows)
    this.metrics = []
  }

  /** The metrics in their compact form. */
  serialize(): CompactMetric[] {
    return this.metrics.map(({ metric, value, type, tags, timestamp }) => ({
      m: metric,
      v: value,
      k: type.charAt(0) as CompactMetricType,
      t: tags,
      e: timestamp,
    }))
  }

  protected add(metric: string, value: number, type: CoreMetricType, tags: string[] = []): void {
    this.metrics.push({ metric, value, type, tags, timestamp: hostClock.now() })
  }
}

/** Collects nothing. */
export class NullStats extends CoreStats {
  override flush(): void {}
  protected override add(): void {}
}
