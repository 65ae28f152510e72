/** Pages with a strict policy on what they may run and talk to. */
import { expect, it } from 'vitest'
import { strategies } from './support/config'
import { startScene } from './support/start-scene'

const policies = [
  { name: "script-src 'self'", policy: "script-src 'self'", scriptAttributes: '' },
  { name: 'a nonce', policy: "script-src 'nonce-abc'", scriptAttributes: 'nonce="abc"' },
  {
    name: 'Trusted Types',
    policy: "script-src 'self'; require-trusted-types-for 'script'; trusted-types 'none'",
    scriptAttributes: '',
  },
].flatMap((one) => strategies.map((strategy) => ({ ...one, strategy })))

it.each(policies)(
  'works under $name with $strategy delivery and breaks no rule',
  async ({ policy, scriptAttributes, strategy }) => {
    const scene = await startScene({
      strategy,
      site: (apiURL) => ({
        headers: {
          'content-security-policy': `default-src 'none'; ${policy}; connect-src ${apiURL}; report-uri /reports`,
        },
        scriptAttributes,
      }),
    })

    // The page does it by itself: what a test runs on it may be above its policy.
    const page = await scene.open('/one?track=Strict')
    await scene.api.waitFor({ event: 'Strict' })

    // A rule is broken on purpose, so that we know that reports come, and that this is all there is to report.
    await page.evaluate(() => {
      new Image().src = '/forbidden.png'
    })
    const broken = () => scene.site.reports.map((report) => JSON.parse(report)['csp-report']['blocked-uri'])
    await expect.poll(broken).toContain(`${scene.site.url}/forbidden.png`)
    expect(broken()).toEqual([`${scene.site.url}/forbidden.png`])
  },
)
