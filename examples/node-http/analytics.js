/** The shop's one connection to the Tracking API, and what is said about every event alike: who, where, on which page. */
import { Analytics } from '@sluice/node'

/**
 * @typedef {object} Visitor
 * @property {string} id Known from the first request on, by a cookie.
 * @property {string | undefined} customerId Known while they are signed in.
 * @property {Record<string, unknown>} context What the request tells: see `describeRequest`.
 */

/** @param {{ writeKey: string, host: string }} settings */
export function createShopAnalytics({ writeKey, host }) {
  // A batch goes out when it is full or two seconds old. A shop with more visitors would keep the default of ten.
  const analytics = new Analytics({ writeKey, host, flushAt: 20, flushInterval: 2_000 })
  const stats = { tracked: 0, delivered: 0, failed: 0 }

  for (const type of /** @type {const} */ (['track', 'page', 'identify', 'group'])) {
    analytics.on(type, () => stats.delivered++)
  }
  // Without a listener an event that could not be delivered would go unnoticed.
  analytics.on('error', ({ code, reason }) => {
    stats.failed++
    console.error(`event not delivered: ${code}`, reason)
  })

  return {
    stats,

    /**
     * The calls for one visitor, so that no route has to repeat who it is about.
     * @param {Visitor} visitor
     */
    of({ id, customerId, context }) {
      // Both ids together tell the backend that the visitor from before and the customer of now are one person.
      const who = customerId ? { userId: customerId, anonymousId: id } : { anonymousId: id }
      return {
        /**
         * @param {string} event
         * @param {Record<string, unknown>} [properties]
         */
        track(event, properties = {}) {
          stats.tracked++
          analytics.track({ ...who, event, properties, context })
        },

        /**
         * @param {string} name
         * @param {Record<string, unknown>} [properties]
         */
        page(name, properties = {}) {
          stats.tracked++
          analytics.page({ ...who, name, properties, context })
        },

        /** @param {import('./shop.js').Customer} customer */
        identify({ id: userId, email, name, createdAt }) {
          stats.tracked++
          analytics.identify({ userId, anonymousId: id, traits: { email, name, createdAt }, context })
        },

        /** @param {string} company */
        group(company) {
          stats.tracked++
          analytics.group({ ...who, groupId: company, traits: { name: company }, context })
        },
      }
    },

    /** Sends what is waiting; no event is taken any more. To be called when the last request is answered. */
    close: () => analytics.closeAndFlush({ timeout: 10_000 }),
  }
}

/**
 * What one request tells of its sender, in the fields that every backend knows.
 * @param {import('node:http').IncomingMessage} request
 * @param {URL} url
 */
export function describeRequest(request, url) {
  return {
    ip: request.socket.remoteAddress,
    userAgent: request.headers['user-agent'],
    locale: request.headers['accept-language']?.split(',')[0],
    page: { path: url.pathname, search: url.search, url: url.href, referrer: request.headers.referer },
  }
}
