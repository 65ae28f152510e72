import { isPage } from './past-markup'

/** @deprecated Servers use `@sluice/node`. */
// biome-ignore lint/complexity/noStaticOnlyClass: code of today takes it for a class
export class AnalyticsNode {
  /** @deprecated Rejects. */
  static load(_settings?: { writeKey: string }): Promise<never> {
    return Promise.reject(
      new Error(
        isPage()
          ? 'AnalyticsNode is not available in browsers.'
          : 'AnalyticsNode is no longer here: use @sluice/node',
      ),
    )
  }
}
